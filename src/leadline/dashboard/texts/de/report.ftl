# Der Bericht einer Website.

no-such-choice = Unlesbare Adresse
no-such-choice-text = { $what } gibt es nicht.
no-such-date = Unlesbare Adresse
no-such-date-text = „{ $what }“ ist kein Datum.
no-such-filter = Unlesbarer Filter
no-such-filter-text = „{ $what }“ ist kein Filter.
no-such-pattern = Unlesbarer Filter
no-such-pattern-text = „{ $what }“ ist kein regulärer Ausdruck.
too-many-filters = Zu viele Filter
too-many-filters-text = Ein Bericht hat höchstens { $most } Filter, und keine sehr langen.
no-report = Gerade kein Bericht
no-report-text = Treffer können gerade nicht gezählt werden. Keiner geht verloren: Der Server nimmt sie weiter an.

report-site = Diese Website
report-install = Einbau
report-settings = Einstellungen
report-deactivated = Diese Website ist abgeschaltet: Ihre Treffer werden abgelehnt. Alles Gezählte bleibt erhalten.
report-present = { $count ->
    [one] Besucher jetzt
   *[other] Besucher jetzt
}
report-chart = { $metric } im Zeitverlauf
report-chart-other = Die Zeit daneben
report-milestones = Meilensteine
report-as-table = Als Tabelle
report-units = Zeitabschnitte
report-map = Besucher nach Land
report-map-nothing = Keine
report-lost = Der Server ist gerade nicht erreichbar. Diese Seite versucht es von selbst wieder.
shortcuts = Tasten
shortcuts-use = Einzelne Tasten tun das, in diesem Browser
shortcut-move = Früher, später
close = Schließen
report-toolbar = Zeitraum und Filter
report-earlier = Früher
report-later = Später
report-from = Von
report-to = Bis
report-apply = Anwenden
report-filter = Filter
report-filter-field = Von
report-filter-operator = Das
report-filter-value = Wert
report-filter-hint = „Enthält“ nimmt * für Beliebiges; „ist eines von“ nimmt mehrere, mit | dazwischen. Ein Land steht mit seinem Kürzel da, etwa DE.
report-filters = Filter
report-negate = Umkehren
report-remove-filter = Entfernen
report-remove-filters = Alle entfernen
report-hosts = Host
report-all-hosts = Alle Hosts
report-other = vorher: { $value }
report-limited = Nur: { $words }
report-beside = neben { $days }
report-new = neu
report-nothing = Nichts in diesem Zeitraum.
report-details = Alle Zeilen
report-csv = Als CSV
report-search = Suche
report-find = Finden
report-rows = { $count ->
    [one] Eine Zeile
   *[other] { $count } Zeilen
}
report-total = Insgesamt
report-pages = Seiten
report-page-before = Zurück
report-page-after = Weiter
report-page = Seite { $page } von { $pages }

segments = Segmente
segment = Segment
segment-name = Name
segment-save = Diese Filter speichern
segment-remove = { $name } entfernen
not-saved = Nicht gespeichert
not-saved-text = { $what }
saved-not-found = Das gibt es nicht mehr: { $about }.
saved-name-taken = Der Name ist vergeben: { $about }.
too-many-saved = Das sind zu viele: Höchstens { $about } sind möglich.
site-gone = Die Website oder das Konto gibt es nicht mehr.
invalid-saved-length = { $about } Zeichen sind nötig.
invalid-saved-control = Steuerzeichen sind nicht möglich.
invalid-saved-slug = 1 bis { $about } Buchstaben von a bis z, Ziffern und Bindestriche sind nötig.
invalid-saved-color = Eine Farbe wird wie in #09AFAF geschrieben.
invalid-saved-pattern = Kein regulärer Ausdruck mit bis zu { $about } Zeichen.
invalid-saved-operator = Ein Ziel oder ein Schritt vergleicht mit einem Text.
invalid-saved-steps = Ein Trichter hat { $about } Schritte.
in-step = Schritt { $step }: { $fault }

period-today = Heute
period-yesterday = Gestern
period-week = 7 Tage
period-thirty-days = 30 Tage
period-this-month = Dieser Monat
period-last-month = Letzter Monat
period-this-year = Dieses Jahr
period-twelve-months = 12 Monate
period-all = Alles

comparison-previous = Neben der Zeit davor
comparison-year = Neben dem Jahr davor
comparison-none = Ohne Vergleich

unit-hour = Stunden
unit-day = Tage
unit-week = Wochen
unit-month = Monate

metric-visitors = Besucher
metric-visits = Besuche
metric-pageviews = Seitenaufrufe
metric-views-per-visit = Aufrufe je Besuch
metric-bounce-rate = Absprungrate
metric-average-duration = Besuchsdauer
metric-conversions = Konversionen
metric-revenue = Umsatz
metric-value = Wert

group-content = Seiten
group-sources = Herkunft
group-places = Orte
group-technology = Technik
group-events = Ereignisse
event-name = Ereignis
event-count = Anzahl
event-visitors = Besucher
event-filter = Nur Besuche damit
event-no-properties = Diese Ereignisse haben keine Eigenschaften.

panel-pages = Seiten
panel-entries = Einstiegsseiten
panel-exits = Ausstiegsseiten
panel-groups = Inhaltsgruppen
panel-hosts = Hosts
panel-channels = Kanäle
panel-sources = Quellen
panel-referrers = Verweise
panel-campaigns = Kampagnen
panel-utm-sources = UTM-Quellen
panel-utm-mediums = UTM-Medien
panel-utm-contents = UTM-Inhalte
panel-utm-terms = UTM-Begriffe
panel-keywords = Suchbegriffe
panel-countries = Länder
panel-regions = Regionen
panel-cities = Städte
panel-browsers = Browser
panel-systems = Systeme
panel-devices = Geräte

value-unknown = Unbekannt
value-none = Keine Angabe
value-direct = Direkt oder unbekannt

operator-is = ist
operator-is-not = ist nicht
operator-contains = enthält
operator-contains-not = enthält nicht
operator-starts-with = beginnt mit
operator-ends-with = endet mit
operator-in = ist eines von
operator-not-in = ist keines von
operator-matches = passt auf den Ausdruck
operator-matches-not = passt nicht auf den Ausdruck

dimension-pathname = Seite
dimension-entry-page = Einstiegsseite
dimension-exit-page = Ausstiegsseite
dimension-content-group = Inhaltsgruppe
dimension-hostname = Host
dimension-channel = Kanal
dimension-source = Quelle
dimension-medium = Medium
dimension-referrer-hostname = Verweis
dimension-referrer-pathname = Seite des Verweises
dimension-utm-source = UTM-Quelle
dimension-utm-medium = UTM-Medium
dimension-utm-campaign = Kampagne
dimension-utm-term = UTM-Begriff
dimension-utm-content = UTM-Inhalt
dimension-ref = ref
dimension-keyword = Suchbegriff
dimension-event-name = Ereignis des Besuchs
dimension-country = Land
dimension-region = Region
dimension-city = Stadt
dimension-browser = Browser
dimension-operating-system = System
dimension-device-type = Gerät
