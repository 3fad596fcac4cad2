"""Drawings of numbers, made on the server; `templates/drawing.html` prints them as SVG."""

from leadline.dashboard.drawing.axis import Number, Scale
from leadline.dashboard.drawing.line_chart import Chart, Mark, Point, line_chart
from leadline.dashboard.drawing.sparkline import Sparkline, sparkline
from leadline.dashboard.drawing.world_map import Country, WorldMap, world_map

__all__ = [
    "Chart",
    "Country",
    "Mark",
    "Number",
    "Point",
    "Scale",
    "Sparkline",
    "WorldMap",
    "line_chart",
    "sparkline",
    "world_map",
]
