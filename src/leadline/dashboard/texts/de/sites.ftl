# Die Liste der Websites, und wie es einer geht.

add-site = Website hinzufügen
find-site = Website suchen
find-site-hint = Name, Code oder Domain
find = Suchen
hits-away = Treffer lassen sich gerade nicht zählen. Keiner geht verloren: Der Server nimmt sie weiter an.
sites-caption = Websites, die älteste zuerst
site-column = Website
code-column = Code
state-column = Zustand
hits-today-column = Treffer heute
domain-and-more = { $domain } und { $more ->
    [one] eine weitere
   *[other] { $more } weitere
}
pages-navigation = Seiten
earlier-sites = Frühere Websites
later-sites = Spätere Websites
no-site-matches = Keine Website hat „{ $wanted }“ im Namen, im Code, im Slug oder in einer Domain.
all-sites = Alle Websites
no-site-yet = Noch gibt es keine Website.
add-first-site = <a href="/sites/new">Die erste hinzufügen</a> und ihr Snippet in die Seiten einbauen.

site-deactivated = Deaktiviert
site-receiving = Empfängt Treffer
site-quiet = Still seit { $since }
site-waiting = Wartet auf den ersten Treffer

demo-offer = Um erst zu sehen, was es zu sehen geben wird: zwei erfundene Websites mit drei Monaten erfundener Besucher. Sie werden wie jede andere gelöscht.
demo-make = Die Beispiele anlegen
no-demo = Kein Beispiel
no-demo-text = Auf diesem Server gibt es schon Websites oder Treffer. Mit „leadline demo“ lässt sich ein anderer füllen.
