"""What the doctor finds, in the reader's language."""

from leadline.dashboard.texts import Texts
from leadline.doctor import Finding

_WORDS = {
    "Fathom’s script": "fathoms-script",
    "SealMetrics’ script": "sealmetrics-script",
    "a consent manager": "doctor-some-manager",
    "the events": "doctor-events",
    "the hits": "doctor-hits",
    "the pageviews": "doctor-pageviews",
}
"""What the doctor itself says of what it found; all else is from the page or the system."""
_SPOKEN = ("manager", "what", "wire")


def sentence(texts: Texts, finding: Finding) -> str:
    about = finding.shown
    for name in about.keys() & _SPOKEN:
        if about[name] in _WORDS:
            about[name] = texts(_WORDS[about[name]])
    if "names" in about:
        about["names"] = texts.list(about["names"].split(" and "))
    return texts(f"finding-{finding.kind.name.lower()}", **about)
