# Making a site, changing it, deleting it.

site-name = Name
site-domains = Domains
site-domains-hint = One a line, each with its subdomains. Hits of other hosts are refused; without any, hits of every host count.
site-timezone = Time zone
site-timezone-hint = In which its days begin and end.
site-currency = Currency
site-currency-hint = Of its conversions, as three letters.
site-sharing = Sharing
site-sharing-none = Nobody else
site-sharing-private = Whoever knows a password
site-sharing-public = Everybody
share-password = Share password
share-password-hint = For sharing with a password.
share-password-kept-hint = Left empty it stays as it is.
multi-domain = Reports of several domains
multi-domain-one = The site has one domain
multi-domain-combined = Combined: as one site
multi-domain-separate = Separate: with the domain before the path
add-the-site = Add the site
cancel = Cancel

edit-site = Edit { $site }
back-to-the-site = Back to the site
save = Save
add = Add
remove-what = Remove<span class="unseen"> { $what }</span>
switch-off-what = Switch off<span class="unseen"> { $what }</span>
switch-on-what = Switch on<span class="unseen"> { $what }</span>
is-off = (off)

another-domain = Another domain
another-domain-hint = With its subdomains. While none is listed, hits of every host count.

utm-mappings = UTM mappings
mapping-counts-as = <code>{ $parameter }</code> counts as { $field }
url-parameter = The URL parameter
url-parameter-hint = Such as partner in ?partner=acme. An explicit UTM goes first.
counts-as = counts as

what-does-not-count = What does not count
do-not-count-who-sends = Do not count whoever sends
do-not-track = Do Not Track <code>DNT: 1</code>
global-privacy-control = Global Privacy Control <code>Sec-GPC: 1</code>
rule-address = Address
rule-country = Country
rule-path = Path
rule-host = Host
rule-event = Event
do-not-count = Do not count
block-address = IP address or network
block-country = Country
block-path = Path
block-host = Host
block-event = Event
which-is = which is
which-is-hint = 203.0.113.0/24, DE, /admin/*, *.staging.example.com or an event’s name.
note = Note

for-how-long = For how long
retention = Keep hits for so many months
retention-hint = 1 to 120, forever, or default: as the server is set. Older hits are deleted within minutes, for good.

end-of-site = The end of this site
deactivate-text = Deactivated, it refuses hits and keeps what was counted. It can be activated again.
deactivate = Deactivate
activate-text = It is deactivated: hits are refused.
activate = Activate
delete-text = Deleted, it is gone with everything that was counted, for good.
delete-the-site = Delete the site…

delete-site = Delete { $site }
delete-site-question = Delete { $site }?
delete-site-text = The site and all its hits go, for good. Its code <code>{ $code }</code> and its slug <code>{ $slug }</code> are never used again.
type-slug = Type its slug to confirm
delete-for-good = Delete for good
keep-it = Keep it
not-its-slug = That is not its slug: nothing was deleted.
