"""Why somebody is turned away."""

from leadline.access.model import Allowance


class AccessError(Exception):
    """Any refusal of this room; its text is for people.

    `{}` in it stands for what it is `about`: what was asked for, or what was wrong.
    """

    def __init__(self, text: str = "", about: object = None) -> None:
        super().__init__(text if about is None else text.format(about))
        self.about = "" if about is None else str(about)


class Unauthenticated(AccessError):
    """No token, or one that is unknown, revoked or expired: the answer does not say which."""

    def __init__(self) -> None:
        super().__init__("A valid API token is needed")


class InvalidAbility(AccessError):
    def __init__(self, ability: str) -> None:
        super().__init__(
            "Not an ability: {!r} (*, all-sites-readonly, read:SITE or manage:SITE)", ability
        )


class InvalidTokenName(AccessError):
    def __init__(self) -> None:
        super().__init__("A token's name has 1 to 100 characters, none of them a control character")


class TokenNotFound(AccessError):
    def __init__(self, token: str) -> None:
        super().__init__("No token has the number or prefix {}", token)


class InvalidUser(AccessError):
    """Something that nobody's account can have."""


class InvalidEmail(InvalidUser):
    def __init__(self, email: str) -> None:
        super().__init__("Not an e-mail address: {}", email[:254])


class InvalidUserName(InvalidUser):
    def __init__(self) -> None:
        super().__init__("A person's name has at most 255 characters, no control characters")


class InvalidUserPassword(InvalidUser):
    def __init__(self) -> None:
        super().__init__("A password has 12 to 128 characters")


class EmailTaken(AccessError):
    def __init__(self, email: str) -> None:
        super().__init__("There is a user with this address already: {}", email)


class UserNotFound(AccessError):
    def __init__(self, email: str) -> None:
        super().__init__("Nobody has this address: {}", email[:254])


class LastOwner(AccessError):
    def __init__(self, email: str) -> None:
        super().__init__("{} is the last owner: make another one first", email)


class InvalidOrganisationName(AccessError):
    def __init__(self) -> None:
        super().__init__(
            "An organisation's name has 1 to 255 characters, none of them a control character"
        )


class OrganisationNotFound(AccessError):
    """There is none, or it is not one of theirs: the answer does not say which."""

    def __init__(self, slug: str) -> None:
        super().__init__("No organisation is called {}", slug[:64])


class LastOrganisation(AccessError):
    """A server has one at least."""

    def __init__(self) -> None:
        super().__init__("The last organisation of a server cannot be deleted")


class ConfirmationFailed(AccessError):
    def __init__(self) -> None:
        super().__init__("That is not the organisation's name")


class NotAllowed(AccessError):
    """Their role does not let them do it."""

    def __init__(self) -> None:
        super().__init__("Your role does not let you do that")


class MemberNotFound(AccessError):
    def __init__(self, user: int) -> None:
        super().__init__("Nobody in the organisation has the number {}", user)


class AlreadyMember(AccessError):
    def __init__(self, email: str) -> None:
        super().__init__("{} is in the organisation already", email)


class AccessNotFound(AccessError):
    def __init__(self, user: int) -> None:
        super().__init__("Nobody with the number {} was given this site", user)


class InvitationNotFound(AccessError):
    def __init__(self, invitation: int) -> None:
        super().__init__("No open invitation has the number {}", invitation)


class InvitationForAnother(AccessError):
    """Whoever is signed in has another address than the one that was invited."""

    def __init__(self, email: str) -> None:
        super().__init__("The invitation is for {}", email)


class WrongCredentials(AccessError):
    """Nobody has this address, or another password."""

    def __init__(self) -> None:
        super().__init__("No account has this e-mail address and this password")


class SecondFactorNeeded(AccessError):
    """The password was right, and is not enough.

    `pending` is what to go on with, for 10 minutes, and `user` the number of whose it was.
    """

    def __init__(self, pending: str, user: int) -> None:
        super().__init__("A second factor is needed")
        self.pending = pending
        self.user = user


class WrongCode(AccessError):
    """Neither the code of this moment, nor a recovery code that is left; or one that was used."""

    def __init__(self) -> None:
        super().__init__("That code is not right, or was used already")


class Stale(AccessError):
    """What should have come back as it was given out is too old, used, or somebody else's."""

    def __init__(self) -> None:
        super().__init__("That took too long, or was done already. Begin again")


class NoSecondFactor(AccessError):
    """There is nothing that recovery codes could stand for."""

    def __init__(self) -> None:
        super().__init__("There is no second factor that they could stand for")


class InvalidPasskeyName(AccessError):
    def __init__(self) -> None:
        super().__init__(
            "A passkey's name has 1 to 100 characters, none of them a control character"
        )


class TooManyPasskeys(AccessError):
    def __init__(self, most: int) -> None:
        super().__init__("Nobody has more than {} passkeys", most)


class WrongPasskey(AccessError):
    """It is unknown, was not used for this server, or its signature does not fit."""

    def __init__(self) -> None:
        super().__init__("This passkey signs nobody in here")


class PasskeyNotFound(AccessError):
    def __init__(self, passkey: int) -> None:
        super().__init__("No passkey has the number {}", passkey)


class SessionNotFound(AccessError):
    def __init__(self) -> None:
        super().__init__("There is no such session any more")


class NobodysIdentity(AccessError):
    """Whom an OpenID provider vouches for has no account here, or its address is not verified."""

    def __init__(self) -> None:
        super().__init__("Nobody here has the e-mail address that the provider vouches for")


class InvitationOver(AccessError):
    """The link is unknown, used or too old, or there is an owner by now."""

    def __init__(self) -> None:
        super().__init__("This link is over")


class RateLimited(AccessError):
    """Too many requests; `retry_after` is in whole seconds, `is_first` in the window."""

    def __init__(self, retry_after: int, allowance: Allowance, *, is_first: bool) -> None:
        super().__init__("Too many requests")
        self.retry_after = retry_after
        self.allowance = allowance
        self.is_first = is_first


class ShareNotFound(AccessError):
    """Nothing is shared there; the answer does not say whether there is such a site."""

    def __init__(self) -> None:
        super().__init__("Nothing is shared here")


class WrongSharePassword(AccessError):
    def __init__(self) -> None:
        super().__init__("That is not the password")
