"""Why nobody is known in the end. The texts are for the log: they may quote the provider."""


class OpenIdError(Exception):
    """Any refusal of this room."""


class ProviderUnavailable(OpenIdError):
    """The provider cannot be reached, or does not answer as OpenID Connect says."""


class ProviderRefused(OpenIdError):
    """The provider says no, or what came back is not what it was asked for."""
