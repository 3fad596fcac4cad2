# Tokens of the APIs.

tokens-text = A program shows a token to either API, as <code>Authorization: Bearer …</code> or <code>X-API-Key: …</code>.
tokens-caption = Tokens, the newest first
token-name-column = Name
token-prefix-column = Begins with
token-may-column = May
token-used-column = Last used
token-state-column = State
token-made-at = Made { $when }
token-may-nothing = nothing any more
token-never-used = Never
token-revoked = Revoked
token-expired = Expired
token-until = Until { $when }
revoke-what = Revoke<span class="unseen"> { $name }</span>
revoke-text = At once, and for good.
make-a-token = Make a token
token-purpose = What it is for
token-abilities = What it may do
token-everything = Everything <code>*</code>
token-reads-all = Read all sites <code>all-sites-readonly</code>
token-reads = Read these sites
token-manages = Read and change these sites
token-sites-hint = Codes or slugs, with spaces between them.
token-days = Days until it ends
token-days-hint = Left empty it never does.
make-the-token = Make the token

new-token = The new token
new-token-text = This is the secret of <b>{ $name }</b>. It is shown this once: keep it where the program finds it.
the-secret = the secret
it-may = It may:
all-tokens = All tokens
