# Seiten, die Nein sagen: ein Titel, und was zu tun ist.

no-page = Nicht gefunden
no-page-text = Unter dieser Adresse gibt es nichts.
no-such-method = Methode nicht erlaubt
no-such-method-text = Diese Adresse unterstützt die Methode nicht.
form-too-large = Zu groß
form-too-large-text = Ein Formular hat höchstens { $most } KiB.
not-found = Nicht gefunden
not-found-text = { $what }
unreadable-form = Formular nicht lesbar
unreadable-form-text = Was gesendet wurde, ist kein Formular.
form-too-old = Dieses Formular ist zu alt
form-too-old-text = Bitte zurückgehen, die Seite neu laden und die Eingabe wiederholen.
not-yours-to-do = Nicht erlaubt
not-yours-to-do-text = Das dürfen nur Inhaber und Administratoren.
too-many-attempts = Zu viele Versuche
too-many-attempts-text = Bitte in { $minutes } min noch einmal versuchen.
took-too-long = Das hat zu lange gedauert
took-too-long-text = Die Antwort hat länger als { $seconds } Sekunden gedauert. Bitte weniger abfragen oder es später noch einmal versuchen.
too-many-checks = Ausgelastet
too-many-checks-text = Gerade werden andere Seiten geprüft. Bitte bald noch einmal versuchen.
invitation-over = Dieser Link ist abgelaufen
invitation-over-text = Er wurde schon benutzt oder ist älter als ein Tag. Solange es keinen Inhaber gibt, gibt der Server bei jedem Start einen neuen aus.
broken = Etwas ist schiefgegangen
broken-text = Der Grund steht im Protokoll des Servers. Nichts wurde halb geändert.
