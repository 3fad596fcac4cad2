# Anmelden, und der einmalige Link für den Inhaber.

sign-in = Anmelden
email-address = E-Mail-Adresse
password = Passwort
password-again = Das Passwort noch einmal
password-hint = 12 bis 128 Zeichen.
passwords-differ = Die beiden Passwörter sind nicht gleich.
welcome = Willkommen
leadline-runs = Leadline läuft
nobody-owns-it = Es nimmt Treffer an und antwortet auf seinen beiden APIs. Noch gehört es niemandem.
open-the-link = Beim Start hat der Server einen einmaligen Link ausgegeben. Er führt zum Konto des Inhabers. Ist er verloren, den Server neu starten oder <code>leadline user create EMAIL --role owner</code> eingeben.
owner-account = Das Konto des Inhabers
make-owner-account = Konto des Inhabers anlegen
owner-account-text = Es ist das einzige Konto, das dieser Link anlegen kann. Wer es hat, darf hier alles.
email-hint = Damit meldet man sich an. Mails gehen dorthin, sobald der Server welche sendet.
your-name = Name
your-name-hint = Darf leer bleiben.
make-account = Konto anlegen
