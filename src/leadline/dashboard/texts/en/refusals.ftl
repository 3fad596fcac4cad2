# Pages that say no: a title, and what is to be done.

no-page = Not Found
no-page-text = There is nothing at this address.
no-such-method = Method Not Allowed
no-such-method-text = This address does not support that method.
form-too-large = Content Too Large
form-too-large-text = A form has at most { $most } KiB.
not-found = Not found
not-found-text = { $what }
unreadable-form = Unreadable form
unreadable-form-text = What was sent is not a form.
form-too-old = This form is too old
form-too-old-text = Please go back, load the page again and repeat it.
not-yours-to-do = Not yours to do
not-yours-to-do-text = Only an owner or an admin may do this.
too-many-attempts = Too many attempts
too-many-attempts-text = Please try again in { $minutes } min.
took-too-long = That took too long
took-too-long-text = The answer took longer than { $seconds } seconds. Please ask for less, or try again later.
too-many-checks = Busy
too-many-checks-text = Other pages are being looked at. Please try again soon.
invitation-over = This link is over
invitation-over-text = It was used already, or it is more than a day old. While there is no owner the server prints a new one each time that it starts.
broken = That went wrong
broken-text = The server’s log says why. Nothing was changed by half.
