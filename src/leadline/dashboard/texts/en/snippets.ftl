# What goes into the pages of a site, and what else its page says of it.

edit = Edit
put-it-into-pages = Put it into your pages
put-it-into-pages-text = One of these two lines goes into the <code>&lt;head&gt;</code> of every page that counts. They count the same; both together count twice.
fathoms-script = Fathom’s script
sealmetrics-script = SealMetrics’ script
without-javascript = Without JavaScript
without-javascript-text = Browsers without JavaScript are counted by an image. If you want that, this goes into the <code>&lt;body&gt;</code>, with either script.
the-image = the image
copy-what = Copy<span class="unseen"> { $what }</span>
copied = Copied

about-this-site = About this site
fact-code = Tracking code
fact-slug = Slug
fact-domains = Domains
fact-every-domain = Hits of every domain count
fact-multi-domain = Several domains
fact-multi-domain-combined = Combined
fact-multi-domain-separate = Separate
fact-timezone = Time zone
fact-currency = Currency
fact-sharing = Shared with
fact-sharing-none = nobody else
fact-sharing-private = whoever knows the password
fact-sharing-public = everybody
fact-mappings = UTM mappings
fact-mapping = <code>{ $parameter }</code> is { $field }
fact-mapping-off = <code>{ $parameter }</code> is { $field } (off)
fact-created = Created
