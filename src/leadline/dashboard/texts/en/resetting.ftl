# A forgotten password, and another e-mail address.

forgot-password = Forgot your password?
reset-text = We send a link to your address. It is good for an hour.
send-link = Send the link
reset-sent = If somebody here has this address, a link is on its way to it. Nothing there? Look into the folder of unwanted mail, and try again in an hour.
reset-by-operator = This server sends no mail. Whoever runs it sets a new password for you: <code>leadline user password EMAIL</code>
to-sign-in = To sign in
new-password-reset-text = All your sessions end with it. A second factor stays as it is.
password-is-reset = Your new password holds. You are signed out everywhere.
reset-over = This link is over
reset-over-text = It was used, is older than an hour, or is not whole. Ask for another one.
change-email = Change
your-email = Your e-mail address
email-change-hint = You sign in with it from now on.
