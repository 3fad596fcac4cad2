audit = Audit log
audit-hint = Who changed what, and when. Times are in UTC. Nothing of a visitor is in it, and no secret.
audit-who = Who
audit-everybody = everybody
audit-action = What was done
audit-everything = everything
audit-entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries
}
audit-when = When
audit-site = Site
audit-what = To what
audit-details = Details
audit-token = token { $number }
