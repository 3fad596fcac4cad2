# Alarme einer Website: Regeln, und was sie fanden.

alerts = Alarme
alerts-of = Alarme von { $site }
edit-what = Bearbeiten<span class="unseen">: { $what }</span>
delete-what = Löschen<span class="unseen">: { $what }</span>

alert-rules = Regeln
alert-rules-text = Eine Regel sieht einmal in der Minute nach den Zahlen der Website und meldet, was ungewöhnlich ist, an die, die sie nennt.
alert-rule = Regel
alert-on = An
alert-off = Aus
alert-last = Fand zuletzt etwas
alert-never = Nie
alert-times =
    { $count ->
        [one] ein Mal
       *[other] { $count } Mal
    }
alert-change = Ändern
alert-delete-text = Mit allem, was sie fand, für immer.
alert-new = Regel anlegen
alert-new-of = Neue Regel für Alarme von { $site }
alert-edit = Regel für Alarme von { $site } bearbeiten
alert-make = Regel anlegen

alert-type-traffic_spike = Mehr Verkehr als üblich
alert-type-traffic_drop = Weniger Verkehr als üblich
alert-type-custom = Keine Aufrufe
alert-type-conversion_change = Konversionen ändern sich
alert-type-goal_reached = Ein Ziel ist erreicht
alert-type-error_rate = Fehlerrate
alert-type-source_change = Quellen ändern sich

alert-watches = { $metric }, letzte { $window }: { $condition }
alert-silence =
    { $hours ->
        [one] Kein Aufruf seit einer Stunde
       *[other] Kein Aufruf seit { $hours } Stunden
    }
alert-when-percentage_change-increase = mindestens { $limit } % über dem Üblichen ({ $baseline })
alert-when-percentage_change-decrease = mindestens { $limit } % unter dem Üblichen ({ $baseline })
alert-when-percentage_change-both = mindestens { $limit } % über oder unter dem Üblichen ({ $baseline })
alert-when-absolute_threshold-increase = { $limit } oder mehr
alert-when-absolute_threshold-decrease = { $limit } oder weniger
alert-when-absolute_threshold-both = mindestens { $limit } vom Üblichen entfernt ({ $baseline })
alert-when-std_deviation-increase = mindestens { $limit } Standardabweichungen über dem Mittel ({ $baseline })
alert-when-std_deviation-decrease = mindestens { $limit } Standardabweichungen unter dem Mittel ({ $baseline })
alert-when-std_deviation-both = mindestens { $limit } Standardabweichungen vom Mittel entfernt ({ $baseline })
alert-when-rate_of_change-increase = mindestens { $limit } % mehr als unmittelbar davor
alert-when-rate_of_change-decrease = mindestens { $limit } % weniger als unmittelbar davor
alert-when-rate_of_change-both = mindestens { $limit } % mehr oder weniger als unmittelbar davor

alert-name = Name
alert-hours = Stunden ohne Aufruf
alert-hours-hint = Ganze, 1 bis 168.
alert-metric = Beobachtete Zahl
alert-metric-pageviews = Seitenaufrufe
alert-metric-sessions = Besuche
alert-metric-visitors = Besucher
alert-metric-entrances = Einstiege
alert-metric-bounce_rate = Absprungrate
alert-metric-conversions = Konversionen
alert-metric-conversion_rate = Konversionsrate
alert-metric-custom = Kein Aufruf
alert-window = Der letzten
alert-span-15m = 15 Minuten
alert-span-1h = Stunde
alert-span-6h = 6 Stunden
alert-span-24h = 24 Stunden
alert-span-7d = 7 Tage
alert-span-30d = 30 Tage
alert-span-90d = 90 Tage
alert-condition = Wie sie beurteilt wird
alert-condition-percentage_change = Um wie viel Prozent sie vom Üblichen abweicht
alert-condition-absolute_threshold = Nach der Zahl selbst
alert-condition-std_deviation = Um wie viele Standardabweichungen sie abweicht
alert-condition-rate_of_change = Um wie viel Prozent sie von der davor abweicht
alert-baseline = Üblich ist, was war in
alert-baseline-hint = Das Mittel gleich langer Zeiten davor.
alert-direction = In welcher Richtung
alert-direction-increase = Mehr
alert-direction-decrease = Weniger
alert-direction-both = Mehr oder weniger
alert-threshold = Ab welcher Zahl
alert-threshold-hint = Prozent, Standardabweichungen oder die Zahl selbst, 0 bis 10000.
alert-tells = Meldet an
alert-tells-slack = Slack
alert-tells-webhooks = Webhooks, die es wollen
alert-channels-hint = Leer gelassen wird dorthin nichts gesendet. Webhooks der Website erfahren es ohnehin, wenn sie wollen.
alert-emails = E-Mail-Adressen
alert-emails-hint = Bis zu 10, durch Leerzeichen getrennt.
alert-slack = Slack
alert-slack-hint = Die Adresse eines eingehenden Webhooks.
alert-url = Eine andere Adresse
alert-url-hint = Sie bekommt JSON, ohne Signatur.
alert-cooldown = Minuten Ruhe
alert-cooldown-hint = So lange findet sie nichts Neues, nachdem sie etwas fand, 5 bis 1440.

alert-history = Verlauf
alert-history-caption = Was gefunden wurde, das Neueste zuerst
alert-when = Wann
alert-found = Gefunden
alert-state = Zustand
alert-until = bis { $when }
alert-before = Üblich: { $figure }
alert-silent-for =
    { $hours ->
        [one] 1 Stunde
       *[other] { $hours } Stunden
    }
alert-not-told = Nicht überall gemeldet: { $why }
alert-settled-at = Seit { $when }
alert-none = Noch wurde nichts gefunden.
alert-status-active = Offen
alert-status-acknowledged = Gesehen
alert-status-resolved = Vorbei
alert-status-false_positive = Fehlalarm
alert-settle-acknowledged = Gesehen
alert-settle-resolved = Es ist vorbei
alert-settle-false_positive = Fehlalarm
