# A site’s alerts: rules, and what they found.

alerts = Alerts
alerts-of = Alerts of { $site }
edit-what = Edit<span class="unseen"> { $what }</span>
delete-what = Delete<span class="unseen"> { $what }</span>

alert-rules = Rules
alert-rules-text = A rule looks at the site’s numbers once a minute, and tells whoever it names when they are out of the ordinary.
alert-rule = Rule
alert-on = On
alert-off = Off
alert-last = Last found something
alert-never = Never
alert-times =
    { $count ->
        [one] once
       *[other] { $count } times
    }
alert-change = Change
alert-delete-text = With all it found, for good.
alert-new = Make a rule
alert-new-of = New rule of alerts of { $site }
alert-edit = Edit a rule of alerts of { $site }
alert-make = Make the rule

alert-type-traffic_spike = More traffic than usual
alert-type-traffic_drop = Less traffic than usual
alert-type-custom = No hits
alert-type-conversion_change = Conversions change
alert-type-goal_reached = A goal is reached
alert-type-error_rate = Rate of errors
alert-type-source_change = Sources change

alert-watches = { $metric } of the last { $window }: { $condition }
alert-silence =
    { $hours ->
        [one] No hit for an hour
       *[other] No hit for { $hours } hours
    }
alert-when-percentage_change-increase = at least { $limit }% above what was usual in { $baseline }
alert-when-percentage_change-decrease = at least { $limit }% below what was usual in { $baseline }
alert-when-percentage_change-both = at least { $limit }% above or below what was usual in { $baseline }
alert-when-absolute_threshold-increase = { $limit } or more
alert-when-absolute_threshold-decrease = { $limit } or less
alert-when-absolute_threshold-both = at least { $limit } away from what was usual in { $baseline }
alert-when-std_deviation-increase = at least { $limit } standard deviations above the mean of { $baseline }
alert-when-std_deviation-decrease = at least { $limit } standard deviations below the mean of { $baseline }
alert-when-std_deviation-both = at least { $limit } standard deviations away from the mean of { $baseline }
alert-when-rate_of_change-increase = at least { $limit }% more than just before
alert-when-rate_of_change-decrease = at least { $limit }% less than just before
alert-when-rate_of_change-both = at least { $limit }% more or less than just before

alert-name = Name
alert-hours = Hours without a hit
alert-hours-hint = Whole ones, 1 to 168.
alert-metric = Number that is watched
alert-metric-pageviews = Pageviews
alert-metric-sessions = Visits
alert-metric-visitors = Visitors
alert-metric-entrances = Entrances
alert-metric-bounce_rate = Bounce rate
alert-metric-conversions = Conversions
alert-metric-conversion_rate = Conversion rate
alert-metric-custom = No hit
alert-window = Of the last
alert-span-15m = 15 minutes
alert-span-1h = hour
alert-span-6h = 6 hours
alert-span-24h = 24 hours
alert-span-7d = 7 days
alert-span-30d = 30 days
alert-span-90d = 90 days
alert-condition = How it is judged
alert-condition-percentage_change = By how much per cent it differs from what was usual
alert-condition-absolute_threshold = By the number itself
alert-condition-std_deviation = By how many standard deviations it differs
alert-condition-rate_of_change = By how much per cent it differs from just before
alert-baseline = Usual is what was in
alert-baseline-hint = The mean of spans of the same length before.
alert-direction = Which way
alert-direction-increase = More
alert-direction-decrease = Less
alert-direction-both = More or less
alert-threshold = From which number on
alert-threshold-hint = Per cent, standard deviations or the number itself, 0 to 10000.
alert-tells = Tells
alert-tells-slack = Slack
alert-tells-webhooks = Webhooks that want it
alert-channels-hint = Left empty nothing is sent there. The site’s webhooks hear of it anyway if they want to.
alert-emails = E-mail addresses
alert-emails-hint = Up to 10, with spaces between them.
alert-slack = Slack
alert-slack-hint = The address of an incoming webhook.
alert-url = Another address
alert-url-hint = It is sent JSON, without a signature.
alert-cooldown = Minutes of quiet
alert-cooldown-hint = For so long it finds nothing new after it found something, 5 to 1440.

alert-history = History
alert-history-caption = What was found, the newest first
alert-when = When
alert-found = Found
alert-state = State
alert-until = until { $when }
alert-before = Usual: { $figure }
alert-silent-for =
    { $hours ->
        [one] 1 hour
       *[other] { $hours } hours
    }
alert-not-told = Not told everywhere: { $why }
alert-settled-at = Since { $when }
alert-none = Nothing was found yet.
alert-status-active = Open
alert-status-acknowledged = Seen
alert-status-resolved = Over
alert-status-false_positive = False alarm
alert-settle-acknowledged = Acknowledge
alert-settle-resolved = It is over
alert-settle-false_positive = False alarm
