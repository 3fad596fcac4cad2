# Anmelden bei einem Anbieter von OpenID Connect.

sign-in-with = Anmelden mit { $name }
sign-in-elsewhere = Anmelden mit Single Sign-on
provider-failed = Das hat nicht geklappt
provider-failed-text = Der Anbieter hat nicht gesagt, wer hier ist. Bitte noch einmal versuchen; bleibt es so, steht der Grund im Protokoll des Servers.
