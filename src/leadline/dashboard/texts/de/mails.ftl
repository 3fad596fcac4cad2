# Was Mails sagen.

mail-invited = Eine Einladung zu { $organisation }
mail-invited-text = { $inviter } lädt zu { $organisation } auf Leadline ein, wo Besuche von Websites gezählt werden.
mail-invited-link = Einladung annehmen
mail-invited-until = Der Link gilt bis { $when } (UTC), ein Mal. Wer nichts davon weiß, lässt ihn liegen.
mail-reset = Ein neues Passwort für Leadline
mail-reset-text = Für { $email } wurde ein neues Passwort angefordert.
mail-reset-link = Neues Passwort setzen
mail-reset-otherwise = Der Link gilt eine Stunde, ein Mal. Wer ihn nicht angefordert hat, lässt ihn liegen: das Passwort bleibt, wie es ist.

mail-report = { $site }: { $when }
mail-report-pages = Seiten, nach Besuchern
mail-report-sources = Quellen, nach Besuchern
mail-report-events = Ereignisse
mail-report-link = Der ganze Bericht
mail-report-end = Keine solchen Mails mehr
mails-of = Mails zu { $site }
mails = Mails
mails-text = Die Summen und ihre Veränderung, die ersten Seiten, Quellen und Ereignisse, an { $email }, um 7:00 in der Zeitzone der Website.
mails-weekly = Jeden Montag, über die Woche davor
mails-monthly = Am Ersten jedes Monats, über den Monat davor
mails-saved = Gespeichert.
no-mails = Dieser Server sendet keine Berichte als Mail. Wer ihn betreibt, muss einen Mailserver und seine öffentliche Adresse nennen.
mails-end = Keine solchen Mails mehr?
mails-end-weekly = Die wöchentlichen Mails zu { $site } enden.
mails-end-monthly = Die monatlichen Mails zu { $site } enden.
mails-end-button = Beenden
mails-ended = Diese Mails sind beendet. Was unterwegs ist, kann noch ankommen.
mails-over = Dieser Link ist vorbei
mails-over-text = Er ist zu alt oder nicht vollständig. Mails zu einer Website wählt man auf ihrer Seite.
mail-alert = Alarm: { $rule }
