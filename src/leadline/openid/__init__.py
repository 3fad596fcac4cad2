"""Who somebody is, as a provider of OpenID Connect says: the code flow with PKCE, of Core 1.0.

Knows nothing of the people here: it tells who came back from the provider, and no more.
"""

from leadline.openid.errors import OpenIdError, ProviderRefused, ProviderUnavailable
from leadline.openid.model import Identity, Journey
from leadline.openid.provider import Provider
from leadline.openid.wire import Wire

__all__ = [
    "Identity",
    "Journey",
    "OpenIdError",
    "Provider",
    "ProviderRefused",
    "ProviderUnavailable",
    "Wire",
]
