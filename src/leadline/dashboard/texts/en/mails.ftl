# What mails say.

mail-invited = An invitation to { $organisation }
mail-invited-text = { $inviter } invites you to { $organisation } on Leadline, where the visits of websites are counted.
mail-invited-link = Accept the invitation
mail-invited-until = The link is good until { $when } (UTC), once. If you know nothing of this, leave it.
mail-reset = A new password for Leadline
mail-reset-text = Somebody, hopefully you, has asked for a new password for { $email }.
mail-reset-link = Set a new password
mail-reset-otherwise = The link is good for an hour, once. If it was not you, leave it: your password stays as it is.

mail-report = { $site }: { $when }
mail-report-pages = Pages, by visitors
mail-report-sources = Sources, by visitors
mail-report-events = Events
mail-report-link = The whole report
mail-report-end = No such mails any more
mails-of = Mails of { $site }
mails = Mails
mails-text = The totals with their change, the first pages, sources and events, sent to { $email } at 7:00 in the time zone of the site.
mails-weekly = Every Monday, of the week before
mails-monthly = On the first of every month, of the month before
mails-saved = Saved.
no-mails = This server sends no reports by mail. Whoever runs it has to name a mail server and its public address.
mails-end = No such mails any more?
mails-end-weekly = The weekly mails of { $site } end.
mails-end-monthly = The monthly mails of { $site } end.
mails-end-button = End them
mails-ended = These mails have ended. What is on its way may still arrive.
mails-over = This link is over
mails-over-text = It is too old, or not whole. Mails of a site are chosen on its page.
mail-alert = Alert: { $rule }
