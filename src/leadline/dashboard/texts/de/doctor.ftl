# Ob das Snippet in einer Seite ist und dort funktioniert.

is-it-installed = Ist es eingebaut?
is-site-installed = Ist es eingebaut? { $site }
is-it-installed-text = Die Seite wird abgerufen, wie Fremde sie abrufen, und danach durchsucht, was das Snippet von <a href="{ $address }">{ $site }</a> am Zählen hindert.
page-of-the-site = Eine Seite der Website
something-is-wrong = Etwas stimmt nicht
nothing-is-wrong = Alles in Ordnung
finding-level-ok = Gut
finding-level-note = Hinweis
finding-level-problem = Problem

doctor-pageviews = die Seitenaufrufe
doctor-events = die Ereignisse
doctor-hits = die Treffer
doctor-some-manager = unbekannt

# Was der Doktor findet.

finding-page = { $page } ist da.
finding-invalid_address = { $page } ist keine Adresse einer Seite: http oder https, ein Host, und von den Ports unter 1024 nur 80 und 443.
finding-forbidden_address = { $about } liegt in einem privaten Netz. Von dort werden Seiten nur abgerufen, wenn ihr Host zu den Domains der Website gehört, und nur für Inhaber und Administratoren. Ist es ihr Host, ihn dort eintragen.
finding-unknown_host = Einen Host { $about } gibt es nicht.
finding-no_connection = { $about } antwortet nicht: { $reason }.
finding-insecure = Mit { $about } kommt keine sichere Verbindung zustande: { $reason }.
finding-timed_out = { $page } braucht zu lange für eine Antwort.
finding-broken_answer = Was { $about } antwortet, ist keine Seite: { $reason }.
finding-too_many_redirects = { $page } leitet immer weiter, zuletzt zu { $about }.
finding-status = { $page } antwortet mit dem Status { $status }. Weiter wurde nichts geprüft.
finding-not_html = { $page } ist kein HTML, sondern { $type }.
finding-truncated = Die Seite ist groß: Nur ihr Anfang wurde gelesen.
finding-redirected = Sie leitet weiter zu { $page }; diese Seite wurde geprüft.
finding-redirected_away = Sie leitet zu einem anderen Host, { $host }. Das Folgende betrifft { $page }.
finding-cached = Die Seite kommt aus einem Cache ({ $header }). Wird ihr Snippet geändert, kann noch eine alte Fassung erscheinen: Dann den Cache leeren.
finding-snippet = Das { $wire } ist in der Seite, für die Website { $site }.
finding-no_snippet = In der Seite ist kein Snippet.
finding-perhaps_inserted = Vielleicht setzt ein anderes Skript der Seite das Snippet ein, etwa ein Tag-Manager. Das zeigt nur ein Browser.
finding-inserted = Ein anderes Skript der Seite setzt das Snippet ein.
finding-no_name = Das { $wire } ist in der Seite und nennt keine Website.
finding-other_site = Das { $wire } ist in der Seite mit dem Namen { $site }, und das ist eine andere eigene Website: { $name }. Diese heißt { $own }.
finding-unknown_site = Das { $wire } ist in der Seite mit dem Namen { $site }, den keine Website hat. Diese heißt { $own }.
finding-also_other_site = Die Seite zählt auch für die Website { $name } ({ $site }).
finding-other_server = Das { $wire } kommt von { $server }. Das ist nicht dieser Server, { $own }: Was dort gezählt wird, ist nicht hier.
finding-also_other_server = Das { $wire } kommt auch von { $server } und zählt dort.
finding-any_server = Das { $wire } kommt von { $server }. Ob das dieser Server ist, ist nicht bekannt: --server oder LEADLINE_PUBLIC_URL kann es sagen.
finding-both_snippets = Beide Snippets der Website sind in der Seite: Alles zählt doppelt. Eines davon herausnehmen.
finding-two_names = Das { $wire } ist in der Seite für { $names }. Das sind Namen einer einzigen Website: Alles zählt mehrfach. Nur einen behalten.
finding-repeated = Das { $wire } ist { $times }-mal in der Seite und zählt einmal.
finding-sends_nothing = Das { $wire } soll von sich aus nichts senden: Seitenaufrufe zählen, wenn die Seite sie sendet.
finding-elsewhere_only = Das { $wire } soll wegen { $attribute } von { $host } nichts senden.
finding-no_script = Das { $wire } wird unter { $address } verlangt, und dort ist keines: Der Server antwortet mit dem Status 400. Der Name eines Extras oder einer Gruppe ist keiner.
finding-withheld = Ein Consent-Manager ({ $manager }) hält das { $wire } zurück: Es läuft und zählt erst, wenn Besucher zustimmen.
finding-consent_manager = Die Seite hat einen Consent-Manager ({ $manager }). Hält er Skripte von sich aus zurück, das Snippet davon ausnehmen.
finding-mixed_content = Die Seite hat https, und das { $wire } kommt über http: Browser laden es nicht.
finding-script_blocked = Die Content-Security-Policy der Seite lässt das { $wire } nicht laden: { $origin } in { $directive } aufnehmen.
finding-script_untrusted = Die Content-Security-Policy der Seite lässt das { $wire } nicht laden: In { $directive } steht 'strict-dynamic'. Dem Snippet die Nonce der Seite geben.
finding-sandboxed = Die Content-Security-Policy der Seite hat sandbox ohne allow-scripts: Kein Skript läuft.
finding-hits_blocked = Die Content-Security-Policy der Seite verhindert, dass das { $wire } sendet, nämlich { $what }: { $origin } in { $directive } aufnehmen.
finding-policy = Die Content-Security-Policy der Seite lässt das Snippet arbeiten.
finding-host = Treffer von { $host } zählen.
finding-host_not_listed = Treffer von { $host } zählen nicht: Der Host gehört zu keiner Domain der Website.
finding-canonical_not_listed = Die Seite nennt als ihre kanonische Adresse { $host }. Der Host gehört zu keiner Domain der Website: Ihre Treffer zählen nicht.
finding-inactive = Die Website ist deaktiviert: Ihre Treffer werden abgewiesen.
finding-browser_failed = Der Browser ließ sich nicht befragen: { $reason }.
finding-hit = Ein Browser hat einen Treffer an { $server } gesendet, der mit dem Status { $status } geantwortet hat. Er zählt nicht: Er weist sich als der eines Headless-Browsers aus.
finding-hit_refused = Ein Browser hat einen Treffer an { $server } gesendet, der mit dem Status { $status } geantwortet hat.
finding-hit_failed = Ein Browser konnte keinen Treffer an { $server } senden: { $reason }.
finding-script_failed = Ein Browser konnte { $script } nicht laden: { $reason }.
finding-hits_twice = Ein Browser hat { $times } Treffer für einen Seitenaufruf gesendet.
finding-no_hit = Ein Browser hat die Seite geladen, und kein Treffer wurde gesendet.
