# Webhooks einer Website, und was ihnen zugestellt wurde.

webhooks = Webhooks
webhooks-of = Webhooks von { $site }
webhooks-text = Ereignisse der Website gehen als Anfragen an eigene Adressen, signiert mit einem Geheimnis, das sonst niemand hat.
webhooks-caption = Webhooks, der älteste zuerst
webhook = Webhook
webhook-on = An
webhook-off = Aus
webhook-off-text = Er ist aus: An ihn wird nichts gesendet.
webhook-last = Zuletzt gesendet
webhook-never = Nie
webhook-counts = { $succeeded } zugestellt, { $failed } gescheitert
webhook-change = Ändern
webhook-new = Webhook hinzufügen
webhook-make = Hinzufügen
webhook-name = Wofür er ist
webhook-url = Adresse
webhook-url-hint = Sie beginnt mit https:// und ist im öffentlichen Internet.
webhook-events = Ereignisse
event-alert-triggered = Ein Alarm beginnt
event-alert-resolved = Ein Alarm ist vorbei
event-export-completed = Ein Export ist fertig
event-export-failed = Ein Export ist gescheitert
event-goal-reached = Ein Ziel ist erreicht

webhook-secret = Das Geheimnis eines Webhooks
webhook-secret-text = Damit wird <b>{ $name }</b> signiert. Es wird nur jetzt gezeigt: Bewahren Sie es da auf, wo das aufgerufene Programm es findet.
webhook-secret-both = Das bisherige Geheimnis signiert daneben bis { $when }.
back-to-webhook = Zurück zum Webhook

webhook-of = { $name }, ein Webhook von { $site }
all-webhooks = Alle Webhooks der Website
webhook-test-text = Ein Muster wird ein Mal gesendet, jetzt, ob er an ist oder aus.
webhook-test = Muster senden
webhook-rotate-text = Ein neues Geheimnis wird ein Mal gezeigt. 24 Stunden lang signiert das jetzige daneben.
webhook-rotate = Neues Geheimnis
webhook-end = Das Ende dieses Webhooks
webhook-delete-text = Gelöscht ist er weg, mit seinen Zustellungen, für immer.

deliveries = Zustellungen
deliveries-caption = Was in den letzten 30 Tagen gesendet wurde, das Neueste zuerst
deliveries-none = In den letzten 30 Tagen wurde nichts gesendet.
delivery-of = Eine Zustellung an { $name }
delivery-when = Wann
delivery-event = Ereignis
delivery-state = Zustand
delivery-answer = Antwort
delivery-attempts =
    { $count ->
        [0] noch nicht versucht
        [one] ein Mal versucht
       *[other] { $count } Mal versucht
    }
delivery-status-pending = Wartet
delivery-status-processing = Unterwegs
delivery-status-success = Zugestellt
delivery-status-failed = Gescheitert
delivery-status-retrying = Wird wiederholt
delivery-status-dead_letter = Aufgegeben
delivery-replay = Noch einmal senden<span class="unseen">: { $when }</span>
delivery-next = Wieder um { $when }
delivery-sent = Was gesendet wird
delivery-attempts-made = Versuche
delivery-to = An
delivery-answered = { $status }, nach { $milliseconds } ms
