# The list of sites, and how a site does.

add-site = Add a site
find-site = Find a site
find-site-hint = Name, code or domain
find = Find
hits-away = Hits cannot be counted now. None is lost: the server goes on taking them.
sites-caption = Sites, the oldest first
site-column = Site
code-column = Code
state-column = State
hits-today-column = Hits today
domain-and-more = { $domain } and { $more } more
pages-navigation = Pages
earlier-sites = Earlier sites
later-sites = Later sites
no-site-matches = No site has “{ $wanted }” in its name, its code, its slug or a domain.
all-sites = All sites
no-site-yet = There is no site yet.
add-first-site = <a href="/sites/new">Add the first one</a>, and put its snippet into your pages.

site-deactivated = Deactivated
site-receiving = Receiving
site-quiet = Quiet since { $since }
site-waiting = Waiting for the first hit

demo-offer = To see first what there will be to see: two made-up sites, with three months of made-up visitors. They are deleted as any other.
demo-make = Make the demo sites
no-demo = No demo
no-demo-text = There are sites or hits on this server already. Start another one with “leadline demo”.
