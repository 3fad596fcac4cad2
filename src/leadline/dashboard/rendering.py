"""The templates of the pages: what they may use beyond what a handler gives them."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadline import __version__
from leadline.dashboard.static import asset_url
from leadline.dashboard.texts import Texts


def render(texts: Texts, template: str, **values: object) -> str:
    """`t` are the texts, in templates and their macros alike."""
    return _environment(texts).get_template(template).render(**values)


@cache
def _environment(texts: Texts) -> Environment:
    environment = Environment(
        loader=PackageLoader("leadline.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"asset": asset_url, "t": texts, "version": __version__}
    environment.filters |= {"moment": texts.moment, "day": texts.day, "count": texts.count}
    return environment
