"""What the macros of `drawing.html` print."""

from leadline.dashboard.drawing import Chart, WorldMap
from leadline.dashboard.rendering import _environment
from leadline.dashboard.texts import Texts

WORDS = {
    "title": "Visitors by day",
    "time": "Day",
    "value": "Visitors",
    "table": "As a table",
    "empty": "No visits",
    "comparison": "The week before",
    "milestones": "Milestones",
}


def chart_html(chart: Chart, id: str = "visitors", **words: str) -> str:
    return _printed("line_chart", chart, id, **{**WORDS, **words})


def map_html(drawn: WorldMap, title: str = "Visitors by country") -> str:
    return _printed("world_map", drawn, title=title, nothing="None")


def _printed(macro: str, *values: object, **words: str) -> str:
    template = _environment(Texts("en")).get_template("drawing.html")
    return str(getattr(template.module, macro)(*values, **words))
