# Tokens der APIs.

tokens-text = Ein Programm weist sich bei beiden APIs mit einem Token aus, als <code>Authorization: Bearer …</code> oder <code>X-API-Key: …</code>.
tokens-caption = Tokens, das neueste zuerst
token-name-column = Name
token-prefix-column = Beginnt mit
token-may-column = Darf
token-used-column = Zuletzt benutzt
token-state-column = Zustand
token-made-at = Angelegt { $when }
token-may-nothing = nichts mehr
token-never-used = Nie
token-revoked = Widerrufen
token-expired = Abgelaufen
token-until = Bis { $when }
revoke-what = Widerrufen<span class="unseen">: { $name }</span>
revoke-text = Sofort und endgültig.
make-a-token = Token anlegen
token-purpose = Wofür es ist
token-abilities = Was es darf
token-everything = Alles <code>*</code>
token-reads-all = Alle Websites lesen <code>all-sites-readonly</code>
token-reads = Diese Websites lesen
token-manages = Diese Websites lesen und ändern
token-sites-hint = Codes oder Slugs, mit Leerzeichen dazwischen.
token-days = Tage, bis es endet
token-days-hint = Leer gelassen endet es nie.
make-the-token = Token anlegen

new-token = Das neue Token
new-token-text = Dies ist das Geheimnis von <b>{ $name }</b>. Es wird nur dieses eine Mal gezeigt: Es gehört dorthin, wo das Programm es findet.
the-secret = das Geheimnis
it-may = Es darf:
all-tokens = Alle Tokens
