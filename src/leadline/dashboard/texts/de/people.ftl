people = Personen
people-text = Wer zu { $organisation } gehört. Inhaber und Administratoren haben alle Websites; ein Mitglied hat die, die ihm gegeben wurden.
people-caption = Personen, in der Reihenfolge ihrer Konten
person-column = Person
role-column = Rolle
sites-column = Websites
sees-all-sites = alle
sees-sites =
    { $count ->
        [one] { $count } Website
       *[other] { $count } Websites
    }
invitations = Einladungen
invitations-caption = Einladungen, die neueste zuerst
invited-column = Eingeladen
invited-by = von { $name }
invitation-state-column = Zustand
invitation-change-column = Ändern
invitation-accepted = angenommen { $when }
invitation-open = offen bis { $when }
invitation-expired = abgelaufen { $when }
resend-to = Neuer Link<span class="unseen"> für { $email }</span>
revoke-of = Zurückziehen<span class="unseen">: die Einladung von { $email }</span>
invite-somebody = Jemanden einladen
invite-hint = Der Link ist für den, der diese Adresse hat.
invite-role-hint = Inhaber dürfen alles. Administratoren haben alle Websites, Token und Personen, nur nicht die Inhaber. Mitglieder haben einzelne Websites.
sites-of-member = Websites eines Mitglieds
site-roles-hint = Wer ansehen darf, sieht die Berichte. Wer bearbeiten darf, ändert auch die Website: Einstellungen, Ziele, Segmente, Freigabe. Wer verwalten darf, gibt sie auch anderen und schaltet sie aus und ein.
site-not-given = nicht gegeben
site-role-viewer = darf ansehen
site-role-editor = darf bearbeiten
site-role-admin = darf verwalten
no-site-to-give = Es gibt noch keine Website.
invite-button = Einladen
invited = Einladung
invited-text = Dieser Link ist für <strong>{ $email }</strong>, bis { $when }. Er wird nur jetzt gezeigt: Kopieren Sie ihn, und geben Sie ihn niemand anderem.
the-link = den Link
all-people = Alle Personen
remove-person = Aus der Organisation
remove-person-text = Sofort, wo auch immer die Person angemeldet ist. Ein Konto, das zu keiner anderen Organisation gehört, wird gelöscht.
invitation = Einladung
invitation-to = Einladung zu { $organisation }
invitation-text = <strong>{ $email }</strong> ist eingeladen. Rolle: { $role }.
accept-invitation = Annehmen
invitation-of-another = Sie sind als { $email } angemeldet, und diese Einladung ist für jemand anderen. Melden Sie sich erst ab, wenn beide Adressen Ihre sind.
invitation-vouched = Der Anbieter sagt, dass das Ihre Adresse ist. Sie brauchen hier kein Passwort.
invitation-vouched-another = Der Anbieter sagt, dass Sie { $email } sind, und diese Einladung ist für jemand anderen.
invitation-known = Diese Adresse hat hier ein Konto: Melden Sie sich an, und nehmen Sie dann an.
member-invitation-over = Diese Einladung ist abgelaufen
member-invitation-over-text = Sie wurde angenommen, zurückgezogen oder durch eine neuere ersetzt, oder sie ist älter als 7 Tage. Wer Sie eingeladen hat, kann eine neue senden.
site-people = Wer { $site } sieht
back-to-settings = Zurück zu den Einstellungen
to-site-people = Wer sie sieht
move-site = Andere Organisation
move-site-text = Namen, Einstellungen, Links und Aufrufe gehen mit, und in den Seiten ändert sich nichts. Mitglieder, denen sie gegeben wurde, verlieren sie, und ebenso Token, die sie nennen. Inhaber und Administratoren der anderen Organisation haben sie dann.
move-it = Verschieben
access-not-found = Niemandem mit der Nummer { $about } wurde diese Website gegeben.
already-member = { $about } gehört schon zur Organisation.
invitation-for-another = Die Einladung ist für { $about }.
invitation-not-found = Keine offene Einladung hat die Nummer { $about }.
member-not-found = Niemand in der Organisation hat die Nummer { $about }.
last-owner = { $about } ist der letzte Inhaber. Machen Sie erst jemand anderen dazu.
not-allowed = Ihre Rolle lässt das nicht zu.
