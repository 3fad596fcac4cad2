# The report of a site.

no-such-choice = Unreadable address
no-such-choice-text = There is no { $what }.
no-such-date = Unreadable address
no-such-date-text = “{ $what }” is no date.
no-such-filter = Unreadable filter
no-such-filter-text = “{ $what }” is no filter.
no-such-pattern = Unreadable filter
no-such-pattern-text = “{ $what }” is no regular expression.
too-many-filters = Too many filters
too-many-filters-text = A report has at most { $most } filters, and no very long ones.
no-report = No report just now
no-report-text = Hits cannot be counted now. None is lost: the server goes on taking them.

report-site = This site
report-install = Installation
report-settings = Settings
report-deactivated = This site is deactivated: its hits are refused. Everything that was counted is kept.
report-present = { $count ->
    [one] visitor now
   *[other] visitors now
}
report-chart = { $metric } over time
report-chart-other = The time beside it
report-milestones = Milestones
report-as-table = As a table
report-units = Parts of time
report-map = Visitors by country
report-map-nothing = None
report-lost = The server cannot be reached just now. This page tries again by itself.
shortcuts = Keys
shortcuts-use = Single keys do this, in this browser
shortcut-move = Earlier, later
close = Close
report-toolbar = Period and filters
report-earlier = Earlier
report-later = Later
report-from = From
report-to = To
report-apply = Apply
report-filter = Filter
report-filter-field = Of
report-filter-operator = Which
report-filter-value = Value
report-filter-hint = “Contains” takes * for anything; “is one of” takes several, with | between them. A country is its code, such as DE.
report-filters = Filters
report-negate = Turn round
report-remove-filter = Remove
report-remove-filters = Remove all
report-hosts = Host
report-all-hosts = All hosts
report-other = before: { $value }
report-limited = Only: { $words }
report-beside = beside { $days }
report-new = new
report-nothing = Nothing in this period.
report-details = All rows
report-csv = As CSV
report-search = Search
report-find = Find
report-rows = { $count ->
    [one] One row
   *[other] { $count } rows
}
report-total = In all
report-pages = Pages
report-page-before = Before
report-page-after = Next
report-page = Page { $page } of { $pages }

segments = Segments
segment = Segment
segment-name = Name
segment-save = Save these filters
segment-remove = Remove { $name }
not-saved = Not saved
not-saved-text = { $what }
saved-not-found = Not found: { $about }.
saved-name-taken = The name is taken: { $about }.
too-many-saved = There are too many: at most { $about } are possible.
site-gone = The site, or your account, is there no more.
invalid-saved-length = { $about } characters are needed.
invalid-saved-control = Control characters are not possible.
invalid-saved-slug = 1 to { $about } letters from a to z, digits and hyphens are needed.
invalid-saved-color = A colour is written as in #09AFAF.
invalid-saved-pattern = Not a regular expression of up to { $about } characters.
invalid-saved-operator = A goal or a step compares with one text.
invalid-saved-steps = A funnel has { $about } steps.
in-step = Step { $step }: { $fault }

period-today = Today
period-yesterday = Yesterday
period-week = 7 days
period-thirty-days = 30 days
period-this-month = This month
period-last-month = Last month
period-this-year = This year
period-twelve-months = 12 months
period-all = All time

comparison-previous = Beside the time before
comparison-year = Beside the year before
comparison-none = Beside nothing

unit-hour = Hours
unit-day = Days
unit-week = Weeks
unit-month = Months

metric-visitors = Visitors
metric-visits = Visits
metric-pageviews = Pageviews
metric-views-per-visit = Views per visit
metric-bounce-rate = Bounce rate
metric-average-duration = Visit duration
metric-conversions = Conversions
metric-revenue = Revenue
metric-value = Value

group-content = Pages
group-sources = Sources
group-places = Places
group-technology = Technology
group-events = Events
event-name = Event
event-count = Number
event-visitors = Visitors
event-filter = Only visits with it
event-no-properties = These events have no properties.

panel-pages = Pages
panel-entries = Entry pages
panel-exits = Exit pages
panel-groups = Content groups
panel-hosts = Hosts
panel-channels = Channels
panel-sources = Sources
panel-referrers = Referrers
panel-campaigns = Campaigns
panel-utm-sources = UTM sources
panel-utm-mediums = UTM media
panel-utm-contents = UTM contents
panel-utm-terms = UTM terms
panel-keywords = Search terms
panel-countries = Countries
panel-regions = Regions
panel-cities = Cities
panel-browsers = Browsers
panel-systems = Systems
panel-devices = Devices

value-unknown = Unknown
value-none = None
value-direct = Direct, or not known

operator-is = is
operator-is-not = is not
operator-contains = contains
operator-contains-not = does not contain
operator-starts-with = starts with
operator-ends-with = ends with
operator-in = is one of
operator-not-in = is none of
operator-matches = matches the expression
operator-matches-not = does not match the expression

dimension-pathname = Page
dimension-entry-page = Entry page
dimension-exit-page = Exit page
dimension-content-group = Content group
dimension-hostname = Host
dimension-channel = Channel
dimension-source = Source
dimension-medium = Medium
dimension-referrer-hostname = Referrer
dimension-referrer-pathname = Referrer’s page
dimension-utm-source = UTM source
dimension-utm-medium = UTM medium
dimension-utm-campaign = Campaign
dimension-utm-term = UTM term
dimension-utm-content = UTM content
dimension-ref = ref
dimension-keyword = Search term
dimension-event-name = Event of the visit
dimension-country = Country
dimension-region = Region
dimension-city = City
dimension-browser = Browser
dimension-operating-system = System
dimension-device-type = Device
