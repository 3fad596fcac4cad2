"""What goes to a provider, and what comes back. Names are those of OpenID Connect."""

import msgspec


class Journey(msgspec.Struct, frozen=True, array_like=True):
    """What has to be known again when somebody comes back; it is secret until then."""

    state: str
    nonce: str
    verifier: str


class Identity(msgspec.Struct, frozen=True):
    """Somebody, as the provider knows them.

    `subject` is theirs for ever at this issuer. `email` is None unless the provider has verified
    it. `has_several_factors` if it says that it asked for more than one.
    """

    issuer: str
    subject: str
    email: str | None
    has_several_factors: bool


class Metadata(msgspec.Struct, frozen=True):
    """What a provider says of itself, see Discovery 1.0."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str


class Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, object]]


class Claims(msgspec.Struct, frozen=True):
    """Of an ID token or of the userinfo endpoint, as far as they are used."""

    sub: str
    email: str | None = None
    email_verified: bool | str = False
    nonce: str | None = None
    aud: str | tuple[str, ...] = ""
    azp: str | None = None
    amr: tuple[str, ...] = ()

    @property
    def verified_email(self) -> str | None:
        """Some providers write the truth as a text."""
        return self.email if self.email_verified in (True, "true") else None
