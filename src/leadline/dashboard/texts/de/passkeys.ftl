# Passkeys.

passkeys = Passkeys
passkeys-text = Ein Passkey liegt auf dem Telefon, dem Computer oder einem Sicherheitsschlüssel. Er meldet ohne Passwort an, und niemand kann dazu verleitet werden, ihn preiszugeben.
passkey-made = Angelegt { $when }.
passkey-used = Zuletzt benutzt { $when }.
passkey-unused = Nie benutzt.
remove-passkey = Entfernen<span class="unseen">: { $name }</span>
new-passkey = Passkey hinzufügen
new-passkey-text = Der Browser fragt, wo er liegen soll, und nach Finger, Gesicht oder PIN.
passkey-name = Name
passkey-name-hint = Damit klar ist, welcher es ist: Telefon oder Schlüssel am Bund.
make-passkey = Passkey anlegen
no-passkeys-here = Dieser Browser hat keine Passkeys oder führt keine Skripte aus.
passkeys-need-name = Browser haben Passkeys nur für einen Server mit Namen und TLS.
or-passkey = Oder stattdessen einen Passkey hinzufügen.
use-passkey = Passkey verwenden
passkey-failed = Das hat nicht geklappt. Bitte noch einmal versuchen.
