"""Who asks at the API: a token, or somebody who has signed in there."""

import msgspec

from leadline.access.api_sign_ins import SignedIn
from leadline.access.model import Abilities, Role, Token
from leadline.sites import OrganisationId


class Caller(msgspec.Struct, frozen=True):
    """Either has a `token` or is a `person`."""

    organisation: OrganisationId
    abilities: Abilities
    token: Token | None = None
    person: SignedIn | None = None

    @property
    def key(self) -> str:
        """What its requests are counted by."""
        if self.token is not None:
            return f"token {self.token.id}"
        assert self.person is not None
        return f"person {self.person.user.id}"

    @classmethod
    def of_token(cls, token: Token) -> "Caller":
        return cls(token.organisation, token.abilities, token=token)

    @classmethod
    def of_person(cls, person: SignedIn) -> "Caller":
        """Owners and admins may do everything, members look at what there is."""
        may_manage = person.role in (Role.OWNER, Role.ADMIN)
        abilities = Abilities(full=True) if may_manage else Abilities(reads_all=True)
        return cls(person.organisation, abilities, person=person)
