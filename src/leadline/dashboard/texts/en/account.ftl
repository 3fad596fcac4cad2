# One’s own account.

your-account = Your account
account-name = Name
account-email = E-mail
account-role = Role
role-owner = Owner
role-admin = Admin
role-member = Member
change-password = Change the password
change-password-text = You stay signed in here, and are signed out everywhere else.
present-password = Present password
new-password = New password
new-password-again = The new password again
change-it = Change it
new-passwords-differ = The two new passwords are not the same.
not-present-password = That is not your present password.
language = Language
language-choice = Of these pages, in this browser
language-of-browser = As the browser asks
language-button = Use it
own-visits = Your own visits
own-visits-count = Your visits to the sites of this server count. You can have this browser say that they should not.
own-visits-hint = That takes a cookie, which this browser sends along with hits if the page has the same domain as this server or if it lets other domains have cookies. Where it does not, add a rule for your IP address to the site.
do-not-count-me = Don’t count me
own-visits-do-not-count = Visits with this browser do not count, on any site of this server.
count-me-again = Count me again
