# Whether the snippet is in a page, and works there.

is-it-installed = Is it installed?
is-site-installed = Is it installed? { $site }
is-it-installed-text = The page is fetched as a stranger would fetch it, and read for what keeps the snippet of <a href="{ $address }">{ $site }</a> from counting.
page-of-the-site = A page of the site
something-is-wrong = Something is wrong
nothing-is-wrong = Nothing is wrong
finding-level-ok = Well
finding-level-note = Note
finding-level-problem = Problem

doctor-pageviews = the pageviews
doctor-events = the events
doctor-hits = the hits
doctor-some-manager = a consent manager

# What the doctor finds, in its own words: they are compared.

finding-page = { $page } is there.
finding-invalid_address = { $page } is not the address of a page: http or https, a host, and of the ports below 1024 only 80 and 443.
finding-forbidden_address = { $about } is in a private network, where pages are only fetched from the site’s own domains, and for owners and admins. List the host, if it is the site’s.
finding-unknown_host = There is no host { $about }.
finding-no_connection = { $about } does not answer: { $reason }.
finding-insecure = There is no secure connection to { $about }: { $reason }.
finding-timed_out = { $page } takes too long to answer.
finding-broken_answer = { $about } answers with what is no page: { $reason }.
finding-too_many_redirects = { $page } leads on and on, lately to { $about }.
finding-status = { $page } answers with status { $status }. Nothing else was looked at.
finding-not_html = { $page } is no HTML but { $type }.
finding-truncated = The page is large: only its beginning was read.
finding-redirected = It leads on to { $page }, which was looked at.
finding-redirected_away = It leads to another host, { $host }. What follows is about { $page }.
finding-cached = The page comes out of a cache ({ $header }). After a change of its snippet an old copy may still be shown: empty the cache.
finding-snippet = { $wire } is in the page, for the site { $site }.
finding-no_snippet = There is no snippet in the page.
finding-perhaps_inserted = Another script of the page, such as a tag manager, may put the snippet there. Only a browser can tell.
finding-inserted = Another script of the page puts the snippet there.
finding-no_name = { $wire } is in the page and names no site.
finding-other_site = { $wire } is in the page with the name { $site }, which is another site of yours: { $name }. This one is { $own }.
finding-unknown_site = { $wire } is in the page with the name { $site }, which no site has. This one is { $own }.
finding-also_other_site = The page counts for the site { $name } ({ $site }) too.
finding-other_server = { $wire } comes from { $server }, which is not this server, { $own }: what it counts is not here.
finding-also_other_server = { $wire } comes from { $server } too, and counts there.
finding-any_server = { $wire } comes from { $server }. Whether that is this server is not known: say so with --server or LEADLINE_PUBLIC_URL.
finding-both_snippets = Both snippets of the site are in the page: everything counts twice. Take one of them out.
finding-two_names = { $wire } is in the page for { $names }, which are names of one site: everything counts as often. Leave one.
finding-repeated = { $wire } is { $times } times in the page, and counts once.
finding-sends_nothing = { $wire } is told to send nothing by itself: pageviews count if the page sends them.
finding-elsewhere_only = { $wire } is told by { $attribute } to send nothing from { $host }.
finding-no_script = { $wire } is asked for at { $address }, and there is none: the server answers with status 400. An extra or a group has a name that is none.
finding-withheld = { $wire } is held back by { $manager }: it runs, and counts, only when a visitor consents.
finding-consent_manager = The page has a consent manager, { $manager }. If that holds back scripts by itself, exempt the snippet.
finding-mixed_content = The page has https, and { $wire } comes by http: browsers do not load it.
finding-script_blocked = The page’s Content-Security-Policy keeps { $wire } from loading: add { $origin } to { $directive }.
finding-script_untrusted = The page’s Content-Security-Policy keeps { $wire } from loading: in { $directive } it has 'strict-dynamic', so give the snippet the page’s nonce.
finding-sandboxed = The page’s Content-Security-Policy has sandbox without allow-scripts: no script runs.
finding-hits_blocked = The page’s Content-Security-Policy keeps { $what } of { $wire } from being sent: add { $origin } to { $directive }.
finding-policy = The page’s Content-Security-Policy lets the snippet work.
finding-host = Hits of { $host } count.
finding-host_not_listed = Hits of { $host } do not count: it is not among the site’s domains.
finding-canonical_not_listed = The page says that it lives at { $host }, its canonical address, which is not among the site’s domains: its hits do not count.
finding-inactive = The site is deactivated: its hits are refused.
finding-browser_failed = The browser could not be asked: { $reason }.
finding-hit = A browser has sent a hit to { $server }, which answered with status { $status }. It does not count: it says that it is a headless browser’s.
finding-hit_refused = A browser has sent a hit to { $server }, which answered with status { $status }.
finding-hit_failed = A browser could not send a hit to { $server }: { $reason }.
finding-script_failed = A browser could not load { $script }: { $reason }.
finding-hits_twice = A browser has sent { $times } hits for one page view.
finding-no_hit = A browser has loaded the page, and no hit was sent.
