# Sharing a site’s reports, and what whoever they are shared with sees first.

sharing = Sharing
sharing-of = Sharing { $site }

sharing-own = The whole site
sharing-address = Address
sharing-address-hint = What stands after the code may be anything.

sharing-links = Links
sharing-links-text = A link shows reports to whoever has it, however the site itself is shared, until it is revoked.
sharing-link-name = Link
sharing-link-shows = Shows
sharing-link-private = With a password
sharing-everything = Everything
sharing-link-shows-hint = Nothing else can be seen by it. To share less, filter the report first, and come here from there.
sharing-new-link = Make a link
sharing-link-for = Who it is for
sharing-link-password = Password
sharing-link-password-hint = Left empty nobody is asked for one.
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
