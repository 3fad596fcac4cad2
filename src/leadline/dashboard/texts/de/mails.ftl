# Was Mails sagen.

mail-invited = Eine Einladung zu { $organisation }
mail-invited-text = { $inviter } lädt zu { $organisation } auf Leadline ein, wo Besuche von Websites gezählt werden.
mail-invited-link = Einladung annehmen
mail-invited-until = Der Link gilt bis { $when } (UTC), ein Mal. Wer nichts davon weiß, lässt ihn liegen.
mail-reset = Ein neues Passwort für Leadline
mail-reset-text = Für { $email } wurde ein neues Passwort angefordert.
mail-reset-link = Neues Passwort setzen
mail-reset-otherwise = Der Link gilt eine Stunde, ein Mal. Wer ihn nicht angefordert hat, lässt ihn liegen: das Passwort bleibt, wie es ist.
