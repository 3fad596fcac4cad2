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

    @property
    def role(self) -> Role:
        """A token that may do everything is an admin: that is who makes such tokens."""
        if self.person is None:
            return Role.ADMIN if self.abilities.full else Role.MEMBER
        (role,) = (
            each.role for each in self.person.memberships if each.organisation == self.organisation
        )
        return role

    @classmethod
    def of_token(cls, token: Token) -> "Caller":
        return cls(token.organisation, token.abilities, token=token)

    @classmethod
    def of_person(cls, person: SignedIn) -> "Caller":
        """In the oldest of their organisations."""
        first = person.memberships[0]
        return cls(first.organisation, first.abilities, person=person)

    @property
    def everywhere(self) -> "tuple[Caller, ...]":
        """The same in each organisation that they are in; a token is in one."""
        if self.person is None:
            return (self,)
        return tuple(
            Caller(each.organisation, each.abilities, person=self.person)
            for each in self.person.memberships
        )
