# The hits of a site, and those that were not counted.

hits = Hits
site-is-deactivated = This site is deactivated: its hits are refused. Everything that was counted is kept.
untrusted-proxy = Most hits come through one proxy that the server does not trust, so that all their visitors look like one. Name the proxy in <code>LEADLINE_TRUSTED_PROXIES</code>.
page-notices = This page notices by itself when it comes.
look-again = Look again
hits-in-short = <b>{ $today }</b> today, <b>{ $total }</b> in 14 days, the last { $last }
counted-twice = { $count ->
    [one] { $count } page view of the last 24 hours counted twice, by both snippets. Take one of the two out of your pages.
   *[other] { $count } page views of the last 24 hours counted twice, by both snippets. Take one of the two out of your pages.
}
hits-by-day = Hits by day, up to { $top }
as-a-table = As a table
day-column = Day
hits-column = Hits

hits-not-counted = { $count ->
    [one] { $count } hit of the last 24 hours was not counted
   *[other] { $count } hits of the last 24 hours were not counted
}
other-hosts = others

advice-invalid_account = The site is deactivated. Edit it to let hits in again.
advice-invalid_domain = The page is on a host that is not one of the site’s domains. Edit the site to list it; a listed domain lets in everything below it.
advice-blocklist_ua = Crawlers, monitors and browsers that nobody sits at. Nothing is to be done.
advice-preview = Pages that a browser fetched before anybody opened them. If somebody does, they count then.
advice-do_not_track = Whoever sent them asks not to be tracked, and this site honours that. Edit the site to count them.
advice-excluded_visitor = Sent by browsers in which somebody has said on their account’s page that their own visits are not to count.
advice-blocklist_ip = From addresses that this site does not count. Edit the site to see its rules.
advice-blocklist_country = From countries that this site does not count. Edit the site to see its rules.
advice-blocklist_host = On hosts that this site does not count. Edit the site to see its rules.
advice-blocklist_path = On paths that this site does not count. Edit the site to see its rules.
advice-blocklist_event = Events that this site does not count. Edit the site to see its rules.
advice-data_centre = From addresses of hosting providers, which the operator has chosen to refuse.
advice-referrer_spam = They name a host as their origin that sends hits only to be seen. Nothing is to be done.

not-counted = Why was this not counted?
not-counted-when = When
span-hour = The last hour
span-day = The last 24 hours
span-week = The last 7 days
counted-and-not = <b>{ $accepted }</b> counted, <b>{ $refused }</b> not.
reason-hits = { $count ->
    [one] { $count } hit
   *[other] { $count } hits
}
reason-last = The last one: { $last }
list-host = List { $host }
all-counted = Every hit was counted.
check-a-page = Check a page
not-counted-short = Not counted
