# Ein vergessenes Passwort, und eine andere E-Mail-Adresse.

forgot-password = Passwort vergessen?
reset-text = An die Adresse geht ein Link, der eine Stunde lang gilt.
send-link = Link senden
reset-sent = Wenn jemand hier diese Adresse hat, ist ein Link dorthin unterwegs. Kommt nichts an, hilft ein Blick in den Ordner für unerwünschte Mail, und in einer Stunde ein neuer Versuch.
reset-by-operator = Dieser Server sendet keine Mail. Wer ihn betreibt, setzt ein neues Passwort: <code>leadline user password EMAIL</code>
to-sign-in = Zur Anmeldung
new-password-reset-text = Damit enden alle Sitzungen. Ein zweiter Faktor bleibt, wie er ist.
password-is-reset = Das neue Passwort gilt. Alle Sitzungen sind beendet.
reset-over = Dieser Link ist vorbei
reset-over-text = Er wurde benutzt, ist älter als eine Stunde oder nicht vollständig. Bitte einen neuen anfordern.
change-email = Ändern
your-email = Eigene E-Mail-Adresse
email-change-hint = Damit meldet man sich von nun an an.
