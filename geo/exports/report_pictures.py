"""Draws the charts of a report from the data that it keeps: as SVG for pages and PDF, as PNG for DOCX."""

from collections.abc import Callable

from geo.exports.lettering import ACCENT, family
from geo.exports.raster import png
from geo.exports.svg_bars import Bar, draw_bars
from geo.exports.svg_chart import Point, draw_chart
from geo.quantities import format_area
from geo.reports.blocks import Chart, Map

Raster = Callable[[str, float], bytes]
"""From SVG and how many pixels there are for each of the drawing's to PNG."""

_CHART, _WIDE = (640, 220), 2.0


def draw(chart: Chart, key: str, tag: str) -> str:
    """A chart as SVG; `key` is a name that no other drawing of the page has, `tag` the language of its words."""
    if chart.form == "line":
        points = [Point(each.label, each.value) for each in chart.points]
        lowest = min((each.value for each in chart.points if each.value is not None), default=0.0)
        zero = lowest >= 0 and chart.unit != "share"
        mark = None if chart.mark is None else (chart.mark, chart.mark_said)
        say = _axis(chart.unit, tag)
        return draw_chart(points, title=chart.title, say=say, from_zero=zero, size=_CHART, mark=mark)
    bars = [Bar(each.label, each.value, each.text, each.colour or ACCENT) for each in chart.points]
    return draw_bars(bars, title=chart.title, key=key, patterned=chart.form == "bars")


def picture(block: Chart | Map, key: str, tag: str, raster: Raster = png) -> bytes:
    """A chart or a map as PNG, twice as sharp as its drawing."""
    drawn = draw(block, key, tag) if isinstance(block, Chart) else block.svg
    if "font-family" not in drawn:
        drawn = drawn.replace("<svg ", f'<svg font-family="{family(tag)}" ', 1)
    return raster(drawn, _WIDE)


def _axis(unit: str, tag: str) -> Callable[[float], str]:
    """How the axis writes a figure of a unit."""
    if unit == "share":
        return lambda value: f"{value * 100:.4g}%"
    if unit == "m2":
        return lambda value: format_area(value, tag.lower()).removesuffix(" m²")
    return lambda value: f"{value:,.6g}"
