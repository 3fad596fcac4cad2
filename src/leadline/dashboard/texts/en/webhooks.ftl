# A site’s webhooks, and what was delivered to them.

webhooks = Webhooks
webhooks-of = Webhooks of { $site }
webhooks-text = Events of the site are sent as requests to addresses of yours, signed with a secret that only you have.
webhooks-caption = Webhooks, the oldest first
webhook = Webhook
webhook-on = On
webhook-off = Off
webhook-off-text = It is off: nothing is sent to it.
webhook-last = Last sent to
webhook-never = Never
webhook-counts = { $succeeded } delivered, { $failed } failed
webhook-change = Change
webhook-new = Add a webhook
webhook-make = Add it
webhook-name = What it is for
webhook-url = Address
webhook-url-hint = It begins with https:// and is on the public Internet.
webhook-events = Events
event-alert-triggered = An alert begins
event-alert-resolved = An alert is over
event-export-completed = An export is ready
event-export-failed = An export failed
event-goal-reached = A goal is reached

webhook-secret = The secret of a webhook
webhook-secret-text = <b>{ $name }</b> is signed with it. It is shown this once: keep it where the program that is called finds it.
webhook-secret-both = The secret of before signs beside it until { $when }.
back-to-webhook = Back to the webhook

webhook-of = { $name }, a webhook of { $site }
all-webhooks = All webhooks of the site
webhook-test-text = A sample is sent once, now, on or off.
webhook-test = Send a sample
webhook-rotate-text = A new secret is shown once. For 24 hours the present one signs beside it.
webhook-rotate = Make a new secret
webhook-end = The end of this webhook
webhook-delete-text = Deleted, it is gone with its deliveries, for good.

deliveries = Deliveries
deliveries-caption = What was sent in the last 30 days, the newest first
deliveries-none = Nothing was sent in the last 30 days.
delivery-of = A delivery to { $name }
delivery-when = When
delivery-event = Event
delivery-state = State
delivery-answer = Answer
delivery-attempts =
    { $count ->
        [0] not tried yet
        [one] tried once
       *[other] tried { $count } times
    }
delivery-status-pending = Waiting
delivery-status-processing = On its way
delivery-status-success = Delivered
delivery-status-failed = Failed
delivery-status-retrying = To be tried again
delivery-status-dead_letter = Given up
delivery-replay = Send again<span class="unseen"> what is of { $when }</span>
delivery-next = Next at { $when }
delivery-sent = What is sent
delivery-attempts-made = Attempts
delivery-to = To
delivery-answered = { $status }, after { $milliseconds } ms
