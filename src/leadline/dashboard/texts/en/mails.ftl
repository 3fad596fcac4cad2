# What mails say.

mail-invited = An invitation to { $organisation }
mail-invited-text = { $inviter } invites you to { $organisation } on Leadline, where the visits of websites are counted.
mail-invited-link = Accept the invitation
mail-invited-until = The link is good until { $when } (UTC), once. If you know nothing of this, leave it.
mail-reset = A new password for Leadline
mail-reset-text = Somebody, hopefully you, has asked for a new password for { $email }.
mail-reset-link = Set a new password
mail-reset-otherwise = The link is good for an hour, once. If it was not you, leave it: your password stays as it is.
