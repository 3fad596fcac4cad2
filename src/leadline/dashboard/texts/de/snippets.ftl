# Was in die Seiten einer Website gehört, und was ihre Seite sonst von ihr sagt.

edit = Bearbeiten
put-it-into-pages = In die Seiten einbauen
put-it-into-pages-text = Eine dieser beiden Zeilen gehört in den <code>&lt;head&gt;</code> jeder Seite, die zählen soll. Beide zählen dasselbe; zusammen zählen sie doppelt.
fathoms-script = Skript von Fathom
sealmetrics-script = Skript von SealMetrics
without-javascript = Ohne JavaScript
without-javascript-text = Browser ohne JavaScript zählt ein Bild. Wer das möchte, setzt dies in den <code>&lt;body&gt;</code>, zu einem der beiden Skripte.
the-image = das Bild
copy-what = Kopieren<span class="unseen">: { $what }</span>
copied = Kopiert

about-this-site = Über diese Website
fact-code = Tracking-Code
fact-slug = Slug
fact-domains = Domains
fact-every-domain = Treffer jeder Domain zählen
fact-multi-domain = Mehrere Domains
fact-multi-domain-combined = Zusammen
fact-multi-domain-separate = Getrennt
fact-timezone = Zeitzone
fact-currency = Währung
fact-sharing = Geteilt mit
fact-sharing-none = niemandem sonst
fact-sharing-private = allen, die das Passwort kennen
fact-sharing-public = allen
fact-mappings = UTM-Zuordnungen
fact-mapping = <code>{ $parameter }</code> ist { $field }
fact-mapping-off = <code>{ $parameter }</code> ist { $field } (aus)
fact-created = Angelegt
