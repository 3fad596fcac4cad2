# Berichte einer Website teilen, und was sieht, mit wem sie geteilt sind.

sharing = Teilen
sharing-of = { $site } teilen

sharing-own = Die ganze Website
sharing-address = Adresse
sharing-address-hint = Was hinter dem Code steht, ist beliebig.

sharing-links = Links
sharing-links-text = Ein Link zeigt Berichte jedem, der ihn hat, wie auch immer die Website selbst geteilt ist, bis er widerrufen wird.
sharing-link-name = Link
sharing-link-shows = Zeigt
sharing-link-private = Mit Passwort
sharing-everything = Alles
sharing-link-shows-hint = Etwas anderes ist dadurch nicht zu sehen. Um weniger zu teilen, erst den Bericht filtern und von dort hierher kommen.
sharing-new-link = Link erstellen
sharing-link-for = Für wen er ist
sharing-link-password = Passwort
sharing-link-password-hint = Leer gelassen wird niemand danach gefragt.
sharing-make-link = Link erstellen

sharing-embedding = In eigenen Seiten
sharing-embed-on = Hosts, deren Seiten sie in einem Frame zeigen dürfen
sharing-embed-on-hint = Etwa blog.example.com oder *.example.com, durch Leerzeichen getrennt; * für jeden Host, nichts für keinen.
sharing-snippet = HTML des Frames
sharing-snippet-public = Darin kann auch die Adresse eines Links stehen.
sharing-snippet-private = Niemand wird nach dem Passwort gefragt, wenn hinter der Adresse <code>?password=</code> und der SHA-256 des Passworts in Hexadezimalziffern steht. Dann sieht die Berichte auch, wer den Quelltext der Seite liest.

sharing-end = Das Ende allen Teilens
sharing-end-text = Niemand sonst sieht mehr etwas: Die Website ist nicht geteilt, und jeder Link ist widerrufen.
sharing-end-button = Alles Teilen beenden

share-asks = Ein Passwort ist nötig
share-asks-text = Diese Berichte sieht, wer ihr Passwort kennt.
share-show = Berichte zeigen
share-wrong-password = Das ist nicht das Passwort.
