# Der Rahmen jeder Seite, und was viele Seiten sagen.

skip-to-content = Zum Inhalt springen
main-navigation = Hauptmenü
sites = Websites
tokens = Tokens
signed-in-as = Angemeldet als { $email }
sign-out = Abmelden
fathoms-api = API von Fathom
sealmetrics-api = API von SealMetrics
to-the-start = Zur Startseite

# Dauern: Stunden stehen ohne Sekunden.
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min { $seconds } s
duration-seconds = { $seconds } s
