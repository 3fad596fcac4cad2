# Signing in, and the owner’s one-time link.

sign-in = Sign in
email-address = E-mail address
password = Password
password-again = The password again
password-hint = 12 to 128 characters.
passwords-differ = The two passwords are not the same.
welcome = Welcome
leadline-runs = Leadline runs
nobody-owns-it = It takes hits and answers on both of its APIs. Nobody owns it yet.
open-the-link = The server printed a one-time link when it started. Open it to make the owner account. If it is lost, start the server again; or type <code>leadline user create EMAIL --role owner</code>.
owner-account = The owner account
make-owner-account = Make the owner account
owner-account-text = It is the one account that this link can make. Whoever has it may do everything here.
email-hint = You sign in with it. Mails go there once the server sends any.
your-name = Your name
your-name-hint = May be left empty.
make-account = Make the account
