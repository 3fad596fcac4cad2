# Passkeys.

passkeys = Passkeys
passkeys-text = A passkey is kept by your phone, your computer or a security key. It signs you in without a password, and nobody can be talked into giving it away.
passkey-made = Made { $when }.
passkey-used = Last used { $when }.
passkey-unused = Never used.
remove-passkey = Remove<span class="unseen"> { $name }</span>
new-passkey = Add a passkey
new-passkey-text = Your browser asks where to keep it, and for your finger, your face or a PIN.
passkey-name = Name
passkey-name-hint = So that you know which one it is: phone, or key on the key ring.
make-passkey = Make the passkey
no-passkeys-here = This browser has no passkeys, or runs no scripts.
passkeys-need-name = Browsers have passkeys only for a server with a name and TLS.
or-passkey = Or add a passkey instead.
use-passkey = Use a passkey
passkey-failed = That did not work. Try again.
