# Signing in at a provider of OpenID Connect.

sign-in-with = Sign in with { $name }
sign-in-elsewhere = Sign in with single sign-on
provider-failed = That did not work
provider-failed-text = The provider did not say who you are. Try again; if it goes on like this, the log of the server says why.
