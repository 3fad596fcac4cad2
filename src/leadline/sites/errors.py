"""What can be wrong with a request about sites. Each face maps these once."""

from enum import Enum


class SitesError(Exception):
    """Any refusal of this room; its text is for people.

    `{}` in it stands for what it is `about`: what was asked for, or what was wrong.
    """

    def __init__(self, text: str = "", about: object = None) -> None:
        super().__init__(text if about is None else text.format(about))
        self.about = "" if about is None else str(about)


class SiteNotFound(SitesError):
    def __init__(self, name: str) -> None:
        super().__init__("Site not found: {}", name)


class DomainNotFound(SitesError):
    def __init__(self, domain: str) -> None:
        super().__init__("Domain not found: {}", domain)


class UtmMappingNotFound(SitesError):
    def __init__(self, mapping: str) -> None:
        super().__init__("UTM mapping not found: {}", mapping)


class BlockRuleNotFound(SitesError):
    def __init__(self, rule: int) -> None:
        super().__init__("Rule not found: {}", rule)


class MilestoneNotFound(SitesError):
    def __init__(self, milestone: str) -> None:
        super().__init__("Milestone not found: {}", milestone)


class EventNotFound(SitesError):
    def __init__(self, event: str) -> None:
        super().__init__("Event not found: {}", event)


class ShareLinkNotFound(SitesError):
    def __init__(self, link: str) -> None:
        super().__init__("Link not found: {}", link)


class EntryNotFound(SitesError):
    def __init__(self, number: int) -> None:
        super().__init__("Not found: {}", number)


class EntryIsLive(SitesError):
    def __init__(self, number: int) -> None:
        super().__init__("It is active: {}", number)


class UnknownCursor(SitesError):
    def __init__(self, cursor: str) -> None:
        super().__init__("Nothing here has the id {}", cursor)


class InvalidValue(SitesError):
    """A value that no site can have."""


class InvalidName(InvalidValue):
    pass


class InvalidTimezone(InvalidValue):
    def __init__(self, timezone: str) -> None:
        super().__init__("Invalid IANA timezone identifier: {}", timezone[:64])


class InvalidCurrency(InvalidValue):
    def __init__(self, currency: str) -> None:
        super().__init__("Not a current ISO 4217 currency code: {}", currency[:16])


class InvalidDomain(InvalidValue):
    def __init__(self, domain: str) -> None:
        super().__init__("Invalid domain format: {}", domain[:253])


class InvalidParameter(InvalidValue):
    def __init__(self, parameter: str) -> None:
        super().__init__("Not a URL parameter name of 1 to 100 characters: {!r}", parameter[:100])


class BlockRuleFault(Enum):
    """What can be wrong with a rule: with its `kind`, `value` or `note`, and the words for it."""

    KIND = ("kind", "The kind of a rule is one of: {}")
    VALUE = ("value", "A rule has 1 to {} printable characters")
    ADDRESS = ("value", "Not an IP address or a network, such as 203.0.113.7 or 2001:db8::/32")
    COUNTRY = ("value", "Not the code of a country as in ISO 3166-1, such as DE")
    PATH = ("value", "A path begins with / or *, such as /admin/*")
    HOST = ("value", "Not a host, such as www.example.com or *.example.com")
    NOTE = ("note", "A note has at most {} printable characters")

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        self.words = words


class InvalidBlockRule(InvalidValue):
    def __init__(self, fault: BlockRuleFault, about: object = None) -> None:
        super().__init__(fault.words, about)
        self.fault = fault
        self.field = fault.field


class InvalidRetention(InvalidValue):
    def __init__(self, retention: str) -> None:
        super().__init__("Not 1 to 120 months, forever or default: {}", retention[:16])


class InvalidEmbedding(InvalidValue):
    def __init__(self, host: str) -> None:
        super().__init__("Not a host such as blog.example.com: {}", host[:253])


class TooManyEmbedding(InvalidValue):
    def __init__(self, most: int) -> None:
        super().__init__("At most {} hosts may embed a site", most)


class ShareLinkFault(Enum):
    """What can be wrong with a link: with which field of `NewShareLink`, and the words for it."""

    NAME = ("name", "A name has 1 to {} characters, none of them a control character")
    PASSWORD = ("password", "A share password has 1 to {} characters")
    EXPIRY = ("expires_at", "A link ends in the future, or never")
    CONDITION = ("condition_name", "What a link shows is said in at most {} characters")
    VIEW = ("view", "What an address begins with has at most {} characters")

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        self.words = words


class InvalidShareLink(InvalidValue):
    def __init__(self, fault: ShareLinkFault, about: object = None) -> None:
        super().__init__(fault.words, about)
        self.fault = fault
        self.field = fault.field


class InvalidEntry(InvalidValue):
    """What is wrong is in `field`, which is named as in the struct."""

    def __init__(self, field: str, words: str, about: object = None) -> None:
        super().__init__(words, about)
        self.field = field

    def within(self, place: str) -> "InvalidEntry":
        """The same of a field that is part of something."""
        return InvalidEntry(f"{place}.{self.field}", str(self))


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
        super().__init__("{} is, or was, the name of another site", name)


class EventTaken(Taken):
    def __init__(self, name: str) -> None:
        super().__init__("An event of this name already exists: {}", name)


class DomainTaken(Taken):
    def __init__(self, domain: str) -> None:
        super().__init__("Domain already exists: {}", domain)


class BlockRuleTaken(Taken):
    def __init__(self, value: str) -> None:
        super().__init__("A rule for this already exists: {}", value[:253])


class EntryTaken(Taken):
    def __init__(self, value: str) -> None:
        super().__init__("Already exists: {}", value[:253])


class TooManyEntries(SitesError):
    def __init__(self, most: int) -> None:
        super().__init__("A list of a site has at most {} entries", most)


class TooManyBlockRules(SitesError):
    def __init__(self, most: int) -> None:
        super().__init__("A site has at most {} rules of a kind", most)


class TooManyShareLinks(SitesError):
    def __init__(self, most: int) -> None:
        super().__init__("A site has at most {} links", most)


class UtmMappingTaken(Taken):
    def __init__(self, parameter: str) -> None:
        super().__init__("A mapping of this parameter already exists: {}", parameter)
