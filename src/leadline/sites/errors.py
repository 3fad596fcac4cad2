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


class BlockRuleNotFound(SitesError):
    def __init__(self, rule: int) -> None:
        super().__init__(f"Rule not found: {rule}")


class MilestoneNotFound(SitesError):
    def __init__(self, milestone: str) -> None:
        super().__init__(f"Milestone not found: {milestone}")


class EventNotFound(SitesError):
    def __init__(self, event: str) -> None:
        super().__init__(f"Event not found: {event}")


class ShareLinkNotFound(SitesError):
    def __init__(self, link: str) -> None:
        super().__init__(f"Link not found: {link}")


class UnknownCursor(SitesError):
    def __init__(self, cursor: str) -> None:
        super().__init__(f"Nothing here has the id {cursor}")


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


class InvalidBlockRule(InvalidValue):
    """What is wrong is in the `field` `kind`, `value` or `note`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class InvalidRetention(InvalidValue):
    def __init__(self, retention: str) -> None:
        super().__init__(f"Not 1 to 120 months, forever or default: {retention[:16]}")


class InvalidEmbedding(InvalidValue):
    pass


class InvalidShareLink(InvalidValue):
    """What is wrong is in the `field`, which is named as in `NewShareLink`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


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


class EventTaken(Taken):
    def __init__(self, name: str) -> None:
        super().__init__(f"An event of this name already exists: {name}")


class DomainTaken(Taken):
    def __init__(self, domain: str) -> None:
        super().__init__(f"Domain already exists: {domain}")


class BlockRuleTaken(Taken):
    def __init__(self, value: str) -> None:
        super().__init__(f"A rule for this already exists: {value[:253]}")


class TooManyBlockRules(SitesError):
    def __init__(self, most: int) -> None:
        super().__init__(f"A site has at most {most} rules of a kind")


class TooManyShareLinks(SitesError):
    def __init__(self, most: int) -> None:
        super().__init__(f"A site has at most {most} links")


class UtmMappingTaken(Taken):
    def __init__(self, parameter: str) -> None:
        super().__init__(f"A mapping of this parameter already exists: {parameter}")
