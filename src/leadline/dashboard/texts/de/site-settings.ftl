# Eine Website anlegen, ändern, löschen.

site-name = Name
site-domains = Domains
site-domains-hint = Eine je Zeile, jede mit ihren Subdomains. Treffer anderer Hosts werden abgewiesen; ohne Angabe zählen Treffer jedes Hosts.
site-timezone = Zeitzone
site-timezone-hint = In der ihre Tage beginnen und enden.
site-currency = Währung
site-currency-hint = Ihrer Conversions, in drei Buchstaben.
site-sharing = Teilen
site-sharing-none = Mit niemandem sonst
site-sharing-private = Mit allen, die ein Passwort kennen
site-sharing-public = Mit allen
share-password = Passwort zum Teilen
share-password-hint = Für das Teilen mit Passwort.
share-password-kept-hint = Leer gelassen bleibt es, wie es ist.
multi-domain = Berichte mehrerer Domains
multi-domain-one = Die Website hat eine Domain
multi-domain-combined = Zusammen: als eine Website
multi-domain-separate = Getrennt: mit der Domain vor dem Pfad
add-the-site = Website hinzufügen
cancel = Abbrechen

edit-site = { $site } bearbeiten
back-to-the-site = Zurück zur Website
save = Speichern
add = Hinzufügen
remove-what = Entfernen<span class="unseen">: { $what }</span>
switch-off-what = Ausschalten<span class="unseen">: { $what }</span>
switch-on-what = Einschalten<span class="unseen">: { $what }</span>
is-off = (aus)

another-domain = Weitere Domain
another-domain-hint = Mit ihren Subdomains. Solange keine eingetragen ist, zählen Treffer jedes Hosts.

utm-mappings = UTM-Zuordnungen
mapping-counts-as = <code>{ $parameter }</code> zählt als { $field }
url-parameter = Der URL-Parameter
url-parameter-hint = Wie partner in ?partner=acme. Eine ausdrückliche UTM geht vor.
counts-as = zählt als

what-does-not-count = Was nicht zählt
do-not-count-who-sends = Nicht zählen, wer dies sendet:
do-not-track = Do Not Track <code>DNT: 1</code>
global-privacy-control = Global Privacy Control <code>Sec-GPC: 1</code>
rule-address = Adresse
rule-country = Land
rule-path = Pfad
rule-host = Host
rule-event = Ereignis
do-not-count = Nicht zählen
block-address = IP-Adresse oder Netz
block-country = Land
block-path = Pfad
block-host = Host
block-event = Ereignis
which-is = und zwar
which-is-hint = 203.0.113.0/24, DE, /admin/*, *.staging.example.com oder der Name eines Ereignisses.
note = Notiz

for-how-long = Wie lange
retention = Treffer so viele Monate behalten
retention-hint = 1 bis 120, forever (für immer) oder default: wie der Server eingestellt ist. Ältere Treffer werden binnen Minuten endgültig gelöscht.

end-of-site = Das Ende dieser Website
deactivate-text = Deaktiviert weist sie Treffer ab und behält, was gezählt wurde. Sie lässt sich wieder aktivieren.
deactivate = Deaktivieren
activate-text = Sie ist deaktiviert: Treffer werden abgewiesen.
activate = Aktivieren
delete-text = Gelöscht ist sie mit allem, was gezählt wurde, endgültig fort.
delete-the-site = Website löschen…

delete-site = { $site } löschen
delete-site-question = { $site } löschen?
delete-site-text = Die Website und alle ihre Treffer werden endgültig gelöscht. Ihr Code <code>{ $code }</code> und ihr Slug <code>{ $slug }</code> werden nie wieder verwendet.
type-slug = Zur Bestätigung ihren Slug eingeben
delete-for-good = Endgültig löschen
keep-it = Behalten
not-its-slug = Das ist nicht ihr Slug: Nichts wurde gelöscht.
