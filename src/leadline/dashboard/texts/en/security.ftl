# How one signs in: the second factor, and where one is signed in.

security = Sign-in and security
to-security = Second factor, passkeys and sessions
second-step = One more step
code-of-app = Code from your authenticator app
code-hint = Six digits; or one of your recovery codes.
recovery-code = Recovery code
no-code-left = If you have neither, ask whoever runs this server to reset your second factor.
confirm-it-is-you = Confirm that it is you
confirm-text = You go on once you have. It is asked again after 15 minutes.
confirm = Confirm

authenticator-app = Authenticator app
no-app = A password alone signs you in. With an app on your phone, whoever learns the password still gets nowhere.
app-since = Set up { $when }.
set-up-app = Set up an authenticator app
set-up-another = Set up another one instead
set-up-app-text = Scan this with the app, then type the code that it shows.
factor-required = <b>{ $organisation }</b> asks for a second factor of everybody. Set one up to go on.
qr-code = QR code for the app
secret-to-type = Or type this secret into it:
turn-app-on = Turn it on
turn-app-off = Turn it off

recovery-codes = Recovery codes
recovery-codes-text = Each of them signs you in once, in the place of the app or a passkey. They are shown this once: print them, or keep them where you keep passwords.
recovery-codes-left = { $count ->
    [0] There is none left.
    [one] There is one left.
   *[other] There are { $count } left.
}
make-new-codes = Make new ones
the-codes = the codes
codes-are-kept = I have kept them

sessions = Where you are signed in
sessions-text = A session ends after 14 days without use.
session-times = Since { $since }, last seen { $seen }.
session-end-this = End<span class="unseen"> the session of { $device }</span>
session-end-others = End all others
device = { $browser } on { $system }
unknown-device = Unknown
this-session = this one

everybody = Everybody’s sign-in
require-factor = Everybody in the organisation needs a second factor
require-factor-hint = Whoever has none is led to set one up, and sees nothing else before.
