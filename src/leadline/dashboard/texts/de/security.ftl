# Wie man sich anmeldet: der zweite Faktor, und wo man angemeldet ist.

security = Anmeldung und Sicherheit
to-security = Zweiter Faktor, Passkeys und Sitzungen
second-step = Noch ein Schritt
code-of-app = Code aus der Authenticator-App
code-hint = Sechs Ziffern; oder einer der Wiederherstellungscodes.
recovery-code = Wiederherstellungscode
no-code-left = Wer beides nicht hat, bittet den Betreiber dieses Servers, den zweiten Faktor zurückzusetzen.
confirm-it-is-you = Identität bestätigen
confirm-text = Danach geht es weiter. Nach 15 Minuten wird noch einmal gefragt.
confirm = Bestätigen

authenticator-app = Authenticator-App
no-app = Das Passwort allein genügt zur Anmeldung. Mit einer App auf dem Telefon kommt niemand herein, der nur das Passwort kennt.
app-since = Eingerichtet { $when }.
set-up-app = Authenticator-App einrichten
set-up-another = Stattdessen eine andere einrichten
set-up-app-text = Mit der App scannen, dann den Code eingeben, den sie zeigt.
factor-required = <b>{ $organisation }</b> verlangt von allen einen zweiten Faktor. Nach dem Einrichten geht es weiter.
qr-code = QR-Code für die App
secret-to-type = Oder dieses Geheimnis eintippen:
turn-app-on = Einschalten
turn-app-off = Ausschalten

recovery-codes = Wiederherstellungscodes
recovery-codes-text = Jeder davon gilt einmal, anstelle der App oder eines Passkeys. Sie werden nur dieses eine Mal gezeigt: ausdrucken oder bei den Passwörtern aufbewahren.
recovery-codes-left = { $count ->
    [0] Keiner ist übrig.
    [one] Einer ist übrig.
   *[other] { $count } sind übrig.
}
make-new-codes = Neue anlegen
the-codes = die Codes
codes-are-kept = Sie sind aufbewahrt

sessions = Offene Sitzungen
sessions-text = Eine Sitzung endet nach 14 Tagen ohne Nutzung.
session-times = Seit { $since }, zuletzt gesehen { $seen }.
session-end-this = Beenden<span class="unseen">: die Sitzung von { $device }</span>
session-end-others = Alle anderen beenden
device = { $browser } auf { $system }
unknown-device = Unbekannt
this-session = diese hier

everybody = Anmeldung aller
require-factor = Alle in der Organisation brauchen einen zweiten Faktor
require-factor-hint = Wer keinen hat, richtet zuerst einen ein und sieht vorher nichts anderes.
