"""What the doctor finds, and the words for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from leadline.text import CONTROL_CHARACTERS

SHOWN_LENGTH = 300


class Level(Enum):
    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


class Kind(Enum):
    """Each value is what is said of it, in which braces stand for what was found."""

    # Whether the page can be had
    PAGE = (Level.OK, "{page} is there.")
    INVALID_ADDRESS = (
        Level.PROBLEM,
        "{page} is not the address of a page: http or https, a host, and of the ports below 1024"
        " only 80 and 443.",
    )
    FORBIDDEN_ADDRESS = (
        Level.PROBLEM,
        "{about} is in a private network, where pages are only fetched from the site’s own"
        " domains, and for owners and admins. List the host, if it is the site’s.",
    )
    UNKNOWN_HOST = (Level.PROBLEM, "There is no host {about}.")
    NO_CONNECTION = (Level.PROBLEM, "{about} does not answer: {reason}.")
    INSECURE = (Level.PROBLEM, "There is no secure connection to {about}: {reason}.")
    TIMED_OUT = (Level.PROBLEM, "{page} takes too long to answer.")
    BROKEN_ANSWER = (Level.PROBLEM, "{about} answers with what is no page: {reason}.")
    TOO_MANY_REDIRECTS = (Level.PROBLEM, "{page} leads on and on, lately to {about}.")
    STATUS = (
        Level.PROBLEM,
        "{page} answers with status {status}. Nothing else was looked at.",
    )
    NOT_HTML = (Level.PROBLEM, "{page} is no HTML but {type}.")
    TRUNCATED = (Level.NOTE, "The page is large: only its beginning was read.")
    REDIRECTED = (Level.NOTE, "It leads on to {page}, which was looked at.")
    REDIRECTED_AWAY = (
        Level.PROBLEM,
        "It leads to another host, {host}. What follows is about {page}.",
    )
    CACHED = (
        Level.NOTE,
        "The page comes out of a cache ({header}). After a change of its snippet an old copy may"
        " still be shown: empty the cache.",
    )

    # What the page holds
    SNIPPET = (Level.OK, "{wire} is in the page, for the site {site}.")
    NO_SNIPPET = (Level.PROBLEM, "There is no snippet in the page.")
    PERHAPS_INSERTED = (
        Level.NOTE,
        "Another script of the page, such as a tag manager, may put the snippet there. Only a"
        " browser can tell.",
    )
    INSERTED = (Level.OK, "Another script of the page puts the snippet there.")
    NO_NAME = (Level.PROBLEM, "{wire} is in the page and names no site.")
    OTHER_SITE = (
        Level.PROBLEM,
        "{wire} is in the page with the name {site}, which is another site of yours: {name}."
        " This one is {own}.",
    )
    UNKNOWN_SITE = (
        Level.PROBLEM,
        "{wire} is in the page with the name {site}, which no site has. This one is {own}.",
    )
    ALSO_OTHER_SITE = (Level.NOTE, "The page counts for the site {name} ({site}) too.")
    OTHER_SERVER = (
        Level.PROBLEM,
        "{wire} comes from {server}, which is not this server, {own}: what it counts is not here.",
    )
    ALSO_OTHER_SERVER = (Level.NOTE, "{wire} comes from {server} too, and counts there.")
    ANY_SERVER = (
        Level.NOTE,
        "{wire} comes from {server}. Whether that is this server is not known: say so with"
        " --server or LEADLINE_PUBLIC_URL.",
    )
    BOTH_SNIPPETS = (
        Level.PROBLEM,
        "Both snippets of the site are in the page: everything counts twice. Take one of them out.",
    )
    TWO_NAMES = (
        Level.PROBLEM,
        "{wire} is in the page for {names}, which are names of one site: everything counts as"
        " often. Leave one.",
    )
    REPEATED = (Level.NOTE, "{wire} is {times} times in the page, and counts once.")
    SENDS_NOTHING = (
        Level.NOTE,
        "{wire} is told to send nothing by itself: pageviews count if the page sends them.",
    )
    ELSEWHERE_ONLY = (
        Level.PROBLEM,
        "{wire} is told by {attribute} to send nothing from {host}.",
    )
    NO_SCRIPT = (
        Level.PROBLEM,
        "{wire} is asked for at {address}, and there is none: the server answers with status 400."
        " An extra or a group has a name that is none.",
    )
    WITHHELD = (
        Level.PROBLEM,
        "{wire} is held back by {manager}: it runs, and counts, only when a visitor consents.",
    )
    CONSENT_MANAGER = (
        Level.NOTE,
        "The page has a consent manager, {manager}. If that holds back scripts by itself, exempt"
        " the snippet.",
    )
    MIXED_CONTENT = (
        Level.PROBLEM,
        "The page has https, and {wire} comes by http: browsers do not load it.",
    )
    SCRIPT_BLOCKED = (
        Level.PROBLEM,
        "The page’s Content-Security-Policy keeps {wire} from loading: add"
        " {origin} to {directive}.",
    )
    SCRIPT_UNTRUSTED = (
        Level.PROBLEM,
        "The page’s Content-Security-Policy keeps {wire} from loading: in {directive} it has"
        " 'strict-dynamic', so give the snippet the page’s nonce.",
    )
    SANDBOXED = (
        Level.PROBLEM,
        "The page’s Content-Security-Policy has sandbox without allow-scripts: no script runs.",
    )
    HITS_BLOCKED = (
        Level.PROBLEM,
        "The page’s Content-Security-Policy keeps {what} of {wire} from being sent: add {origin} to"
        " {directive}.",
    )
    POLICY = (Level.OK, "The page’s Content-Security-Policy lets the snippet work.")

    # Whether the server takes its hits
    HOST = (Level.OK, "Hits of {host} count.")
    HOST_NOT_LISTED = (
        Level.PROBLEM,
        "Hits of {host} do not count: it is not among the site’s domains.",
    )
    CANONICAL_NOT_LISTED = (
        Level.PROBLEM,
        "The page says that it lives at {host}, its canonical address, which is not among the"
        " site’s domains: its hits do not count.",
    )
    INACTIVE = (Level.PROBLEM, "The site is deactivated: its hits are refused.")

    # What a browser does
    BROWSER_FAILED = (Level.NOTE, "The browser could not be asked: {reason}.")
    HIT = (
        Level.OK,
        "A browser has sent a hit to {server}, which answered with status {status}. It does not"
        " count: it says that it is a headless browser’s.",
    )
    HIT_REFUSED = (
        Level.PROBLEM,
        "A browser has sent a hit to {server}, which answered with status {status}.",
    )
    HIT_FAILED = (Level.PROBLEM, "A browser could not send a hit to {server}: {reason}.")
    SCRIPT_FAILED = (Level.PROBLEM, "A browser could not load {script}: {reason}.")
    HITS_TWICE = (Level.PROBLEM, "A browser has sent {times} hits for one page view.")
    NO_HIT = (Level.PROBLEM, "A browser has loaded the page, and no hit was sent.")

    def __init__(self, level: Level, words: str) -> None:
        self.level = level
        self.words = words


@dataclass(frozen=True)
class Finding:
    kind: Kind
    about: Mapping[str, str]

    @property
    def level(self) -> Level:
        return self.kind.level

    @property
    def shown(self) -> dict[str, str]:
        """What it is about, in a line each: what the page has made up is cut, and has no control
        characters."""
        return {key: _shown(text) for key, text in self.about.items()}

    @property
    def sentence(self) -> str:
        return self.kind.words.format_map(self.shown)


def found(kind: Kind, **about: object) -> Finding:
    return Finding(kind, {key: str(text) for key, text in about.items()})


def is_ill(findings: Iterable[Finding]) -> bool:
    """Whether anything keeps the snippet from counting as it should."""
    return any(finding.level is Level.PROBLEM for finding in findings)


def _shown(text: str) -> str:
    text = CONTROL_CHARACTERS.sub("�", text)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
