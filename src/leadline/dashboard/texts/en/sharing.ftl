# Sharing a site’s reports, and what whoever they are shared with sees first.

sharing = Sharing
sharing-of = Sharing { $site }
sharing-back = Back to the site
sharing-save = Save
sharing-copy = Copy

sharing-own = The whole site
sharing-with = Its reports are shown to
sharing-none = Nobody else
sharing-private = Whoever knows a password
sharing-public = Everybody who has the address
sharing-password = Share password
sharing-password-stays = Left empty it stays as it is. A new one shuts out everybody who is in by the old one.
sharing-password-needed = For sharing with a password.
sharing-address = Address
sharing-address-hint = What stands after the code may be anything.

sharing-links = Links
sharing-links-text = A link shows reports to whoever has it, however the site itself is shared, until it is revoked.
sharing-link-name = Link
sharing-link-shows = Shows
sharing-link-used = Last used
sharing-link-made = Made { $when }
sharing-link-never = Never
sharing-link-private = With a password
sharing-link-over = Over
sharing-link-until = Until { $when }
sharing-link-revoke = Revoke
sharing-link-for-good = At once, and for good.
sharing-everything = Everything
sharing-link-shows-hint = Nothing else can be seen by the link. Its address begins with the days that you looked at.
sharing-link-of-report = It shows the whole report. To share less, filter <a href="{ $address }">the report</a> first and come back from there.
sharing-unreadable-filter = That is no filter.
sharing-new-link = Make a link
sharing-link-for = Who it is for
sharing-link-password = Password
sharing-link-password-hint = Left empty nobody is asked for one.
sharing-link-days = Days until it ends
sharing-link-days-hint = Left empty it never does.
sharing-make-link = Make the link

sharing-embedding = In pages of your own
sharing-embed-on = Hosts whose pages may show it in a frame
sharing-embed-on-hint = Such as blog.example.com or *.example.com, with spaces between them; * for every host, nothing for none.
sharing-snippet = HTML of the frame
sharing-snippet-public = It may hold the address of a link as well.
sharing-snippet-private = Nobody is asked for the password if <code>?password=</code> and the password’s SHA-256 in hex are put behind the address. Whoever reads the page’s source can then see the reports too.

sharing-end = The end of all sharing
sharing-end-text = Nobody else sees anything any more: the site is not shared, and every link is revoked.
sharing-end-button = End all sharing

share-asks = A password is needed
share-asks-text = These reports are shown to whoever knows their password.
share-show = Show the reports
share-wrong-password = That is not the password.
