# The frame of every page, and what many pages say.

skip-to-content = Skip to the content
main-navigation = Main
sites = Sites
tokens = Tokens
signed-in-as = Signed in as { $email }
sign-out = Sign out
fathoms-api = Fathom’s API
sealmetrics-api = SealMetrics’ API
to-the-start = To the start

# Durations: hours are without seconds.
duration-hours = { $hours }h { $minutes }m
duration-minutes = { $minutes }m { $seconds }s
duration-seconds = { $seconds }s
