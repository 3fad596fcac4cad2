people = People
people-text = Who is in { $organisation }. Owners and admins have all of its sites; a member has those that they were given.
people-caption = People, in order of their accounts
person-column = Person
role-column = Role
sites-column = Sites
sees-all-sites = all
sees-sites =
    { $count ->
        [one] { $count } site
       *[other] { $count } sites
    }
invitations = Invitations
invitations-caption = Invitations, the newest first
invited-column = Invited
invited-by = by { $name }
invitation-state-column = State
invitation-change-column = Change
invitation-accepted = accepted { $when }
invitation-open = open until { $when }
invitation-expired = over since { $when }
resend-to = New link<span class="unseen"> for { $email }</span>
revoke-of = Revoke<span class="unseen"> the invitation of { $email }</span>
invite-somebody = Invite somebody
invite-hint = The link is for whoever has this address.
invite-role-hint = Owners do everything. Admins have all sites, tokens and people, but not the owners. Members have single sites.
sites-of-member = Sites of a member
site-roles-hint = Who may view sees the reports. Who may edit changes the site as well: settings, goals, segments, sharing. Who may administer also gives it to others, and switches it off and on.
site-not-given = not given
site-role-viewer = may view
site-role-editor = may edit
site-role-admin = may administer
no-site-to-give = There is no site yet.
invite-button = Invite
invited = Invitation
invited-text = This link is for <strong>{ $email }</strong> until { $when }. It is shown only now: copy it, and give it to nobody else.
the-link = the link
all-people = All people
remove-person = Out of the organisation
remove-person-text = At once, wherever they are signed in. An account that is in no other organisation is deleted.
invitation = Invitation
invitation-to = Invitation to { $organisation }
invitation-text = <strong>{ $email }</strong> is invited. Role: { $role }.
accept-invitation = Accept
invitation-of-another = You are signed in as { $email }, and this invitation is for somebody else. Sign out first if both are yours.
invitation-vouched = The provider says that this is your address, so you need no password here.
invitation-vouched-another = The provider says that you are { $email }, and this invitation is for somebody else.
invitation-known = This address has an account here: sign in, and accept then.
member-invitation-over = This invitation is over
member-invitation-over-text = It was accepted, revoked or replaced by a newer one, or it is more than 7 days old. Whoever invited you can send another.
site-people = Who sees { $site }
back-to-settings = Back to its settings
to-site-people = Who sees it
move-site = Another organisation
move-site-text = Its names, settings, links and hits go along, and nothing changes in its pages. Members who were given it lose it, and so do tokens that name it. Owners and admins of the other organisation have it then.
move-it = Move it
access-not-found = Nobody with the number { $about } was given this site.
already-member = { $about } is in the organisation already.
invitation-for-another = The invitation is for { $about }.
invitation-not-found = No open invitation has the number { $about }.
member-not-found = Nobody in the organisation has the number { $about }.
last-owner = { $about } is the last owner: make another one first.
not-allowed = Your role does not let you do that.
