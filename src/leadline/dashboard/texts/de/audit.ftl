audit = Protokoll
audit-hint = Wer wann was geändert hat. Zeiten in UTC. Nichts von Besuchern steht darin und kein Geheimnis.
audit-who = Wer
audit-everybody = alle
audit-action = Was getan wurde
audit-everything = alles
audit-entries = { $count ->
    [one] 1 Eintrag
   *[other] { $count } Einträge
}
audit-when = Wann
audit-site = Site
audit-what = Woran
audit-details = Einzelheiten
audit-token = Token { $number }
