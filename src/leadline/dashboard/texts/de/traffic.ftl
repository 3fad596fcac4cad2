# Die Treffer einer Website, und die nicht gezählten.

hits = Treffer
site-is-deactivated = Diese Website ist deaktiviert: Ihre Treffer werden abgewiesen. Alles Gezählte bleibt erhalten.
untrusted-proxy = Die meisten Treffer kommen durch einen Proxy, dem der Server nicht vertraut: Alle ihre Besucher sehen aus wie einer. Den Proxy in <code>LEADLINE_TRUSTED_PROXIES</code> nennen.
page-notices = Diese Seite merkt selbst, wenn er kommt.
look-again = Noch einmal nachsehen
hits-in-short = <b>{ $today }</b> heute, <b>{ $total }</b> in 14 Tagen, der letzte { $last }
counted-twice = { $count ->
    [one] { $count } Seitenaufruf der letzten 24 Stunden wurde doppelt gezählt, von beiden Snippets. Eines der beiden aus den Seiten nehmen.
   *[other] { $count } Seitenaufrufe der letzten 24 Stunden wurden doppelt gezählt, von beiden Snippets. Eines der beiden aus den Seiten nehmen.
}
hits-by-day = Treffer nach Tagen, bis { $top }
as-a-table = Als Tabelle
day-column = Tag
hits-column = Treffer

hits-not-counted = { $count ->
    [one] { $count } Treffer der letzten 24 Stunden wurde nicht gezählt
   *[other] { $count } Treffer der letzten 24 Stunden wurden nicht gezählt
}
other-hosts = andere

advice-invalid_account = Die Website ist deaktiviert. Beim Bearbeiten der Website lassen sich Treffer wieder zulassen.
advice-invalid_domain = Die Seite liegt auf einem Host, der zu keiner Domain der Website gehört. Beim Bearbeiten der Website lässt er sich eintragen; eine Domain lässt alles unter sich zu.
advice-blocklist_ua = Crawler, Überwachungsdienste und Browser, an denen niemand sitzt. Es ist nichts zu tun.
advice-preview = Seiten, die ein Browser geladen hat, bevor jemand sie öffnete. Öffnet sie jemand, zählen sie.
advice-do_not_track = Wer sie gesendet hat, möchte nicht verfolgt werden, und diese Website achtet das. Beim Bearbeiten der Website lässt sich das ändern.
advice-excluded_visitor = Von Browsern, in denen jemand auf der Seite des eigenen Kontos gesagt hat, dass eigene Besuche nicht zählen sollen.
advice-blocklist_ip = Von Adressen, die diese Website nicht zählt. Die Regeln stehen unter Bearbeiten.
advice-blocklist_country = Aus Ländern, die diese Website nicht zählt. Die Regeln stehen unter Bearbeiten.
advice-blocklist_host = Auf Hosts, die diese Website nicht zählt. Die Regeln stehen unter Bearbeiten.
advice-blocklist_path = Auf Pfaden, die diese Website nicht zählt. Die Regeln stehen unter Bearbeiten.
advice-blocklist_event = Ereignisse, die diese Website nicht zählt. Die Regeln stehen unter Bearbeiten.
advice-data_centre = Von Adressen von Hosting-Anbietern, die der Betreiber abweist.
advice-referrer_spam = Sie nennen als Herkunft einen Host, der Treffer nur sendet, um gesehen zu werden. Es ist nichts zu tun.

not-counted = Warum wurde das nicht gezählt?
not-counted-when = Wann
span-hour = Die letzte Stunde
span-day = Die letzten 24 Stunden
span-week = Die letzten 7 Tage
counted-and-not = <b>{ $accepted }</b> gezählt, <b>{ $refused }</b> nicht.
reason-hits = { $count ->
    [one] { $count } Treffer
   *[other] { $count } Treffer
}
reason-last = Der letzte: { $last }
list-host = { $host } eintragen
all-counted = Jeder Treffer wurde gezählt.
check-a-page = Eine Seite prüfen
not-counted-short = Nicht gezählt
