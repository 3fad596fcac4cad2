# Ziele und Trichter.

goals = Ziele
goal = Ziel
goal-rate = Von allen Besuchen
goal-reached-by = Erreicht durch
goal-new = Ein weiteres Ziel
goal-add = Dieses Ziel hinzufügen
goal-needs-value = Ein Ziel braucht einen Wert zum Vergleichen.
goals-none = Noch gibt es keine Ziele. Ein Ziel ist eine Seite oder ein Ereignis, zu dem Besuche kommen sollen.
target-kind = Was
target-page = Eine Seite, deren Pfad
target-event = Ein Ereignis, dessen Name
funnels = Trichter
funnels-kept = Behaltene Trichter
funnel-build = Einen Trichter bauen
funnel-show = Zeigen
funnel-save = Diesen Trichter behalten
funnel-step = Schritt
funnel-rate = Vom Schritt davor
funnel-drop-off = Gegangen
funnel-visits = { $count ->
    [one] Von einem Besuch
   *[other] Von { $count } Besuchen
}
funnel-completed = Von denen mit dem ersten Schritt taten <b>{ $rate }</b> den letzten.
