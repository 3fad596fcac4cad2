# Das eigene Konto.

your-account = Eigenes Konto
account-name = Name
account-email = E-Mail
account-role = Rolle
role-owner = Inhaber
role-admin = Administrator
role-member = Mitglied
change-password = Passwort ändern
change-password-text = Hier bleibt die Anmeldung bestehen, überall sonst endet sie.
present-password = Jetziges Passwort
new-password = Neues Passwort
new-password-again = Das neue Passwort noch einmal
change-it = Ändern
new-passwords-differ = Die beiden neuen Passwörter sind nicht gleich.
not-present-password = Das ist nicht das jetzige Passwort.
language = Sprache
language-choice = Der Seiten in diesem Browser
language-of-browser = Wie im Browser eingestellt
language-button = Verwenden
own-visits = Eigene Besuche
own-visits-count = Eigene Besuche auf den Websites dieses Servers zählen. Dieser Browser kann sagen, dass sie nicht zählen sollen.
own-visits-hint = Dazu braucht es ein Cookie. Der Browser sendet es mit Treffern, wenn die Seite dieselbe Domain hat wie dieser Server oder wenn er Cookies anderer Domains erlaubt. Wo nicht, hilft eine Regel der Website für die eigene IP-Adresse.
do-not-count-me = Mich nicht zählen
own-visits-do-not-count = Besuche mit diesem Browser zählen auf keiner Website dieses Servers.
count-me-again = Mich wieder zählen
