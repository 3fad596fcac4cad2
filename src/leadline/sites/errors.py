"""What can be wrong with a request about sites. Each face maps these once."""


class SitesError(Exception):
    """Any refusal of this room; its text is for people."""


class SiteNotFound(SitesError):
    def __init__(self, name: str) -> None:
        super().__init__(f"Site not found: {name}")


class DomainNotFound(SitesError):
    def __init__(self, domain: str) -> None:
        super().__init__(f"Domain not found: {domain}")


class UtmMappingNotFound(SitesError):
    def __init__(self, mapping: str) -> None:
        super().__init__(f"UTM mapping not found: {mapping}")


class UnknownCursor(SitesError):
    def __init__(self, cursor: str) -> None:
        super().__init__(f"No site has the id {cursor}")


class InvalidValue(SitesError):
    """A value that no site can have."""


class InvalidName(InvalidValue):
    pass


class InvalidTimezone(InvalidValue):
    def __init__(self, timezone: str) -> None:
        super().__init__(f"Invalid IANA timezone identifier: {timezone[:64]}")


class InvalidCurrency(InvalidValue):
    def __init__(self, currency: str) -> None:
        super().__init__(f"Not a current ISO 4217 currency code: {currency[:16]}")


class InvalidDomain(InvalidValue):
    def __init__(self, domain: str) -> None:
        super().__init__(f"Invalid domain format: {domain[:253]}")


class InvalidParameter(InvalidValue):
    def __init__(self, parameter: str) -> None:
        super().__init__(f"Not a URL parameter name of 1 to 100 characters: {parameter[:100]!r}")


class PasswordRequired(InvalidValue):
    def __init__(self) -> None:
        super().__init__("A private share needs a password")


class InvalidPassword(InvalidValue):
    pass


class OptionRequired(InvalidValue):
    def __init__(self) -> None:
        super().__init__("A site with several domains needs to know how to report them")


class Taken(SitesError):
    """Somebody has it already."""


class NameTaken(Taken):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is, or was, the name of another site")


class DomainTaken(Taken):
    def __init__(self, domain: str) -> None:
        super().__init__(f"Domain already exists: {domain}")


class UtmMappingTaken(Taken):
    def __init__(self, parameter: str) -> None:
        super().__init__(f"A mapping of this parameter already exists: {parameter}")
