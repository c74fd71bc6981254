"""Draws the charts of a report from the data that it keeps: as SVG for pages and PDF, as PNG for DOCX."""

import re
from collections.abc import Callable

from geo.exports.hatches import hatched, hatches
from geo.exports.lettering import ACCENT, family, line, width_of
from geo.exports.raster import png
from geo.exports.svg_bars import Bar, draw_bars
from geo.exports.svg_chart import Point, draw_chart
from geo.quantities import format_area
from geo.reports.blocks import Chart, Map

Raster = Callable[[str, float], bytes]
"""From SVG and how many pixels there are for each of the drawing's to PNG."""

_CHART, _WIDE, _LEGEND = (640, 220), 2.0, 16


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
    drawn = draw(block, key, tag) if isinstance(block, Chart) else _with_legend(block, tag)
    if "font-family" not in drawn:
        drawn = drawn.replace("<svg ", f'<svg font-family="{family(tag)}" ', 1)
    return raster(drawn, _WIDE)


def _with_legend(block: Map, tag: str) -> str:
    """A map with what its colours and hatches mean below it, as one drawing."""
    found = re.match(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"', block.svg)
    if not found or not block.legend:
        return block.svg
    wide, high = int(found[1]), int(found[2])
    parts, x, y = [], 0.0, high + 10
    for colour, hatch, said in block.legend:
        room = 26 + width_of(said, _LEGEND) + 18
        if x and x + room > wide:
            x, y = 0.0, y + 26
        fill = hatched(colour, hatch, "legend")
        parts.append(f'<rect x="{x:.0f}" y="{y}" width="18" height="18" fill="{fill}" stroke="#8b96a5"/>')
        parts.append(line(x + 26, y + 15, said, _LEGEND))
        x += room
    defined = hatches([(colour, hatch) for colour, hatch, _ in block.legend], "legend")
    size = f'viewBox="0 0 {wide} {y + 24}" font-family="{family(tag)}"'
    drawn = block.svg.replace("<svg ", f'<svg width="{wide}" height="{high}" ', 1)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{defined}{drawn}{"".join(parts)}</svg>'


def _axis(unit: str, tag: str) -> Callable[[float], str]:
    """How the axis writes a figure of a unit."""
    if unit == "share":
        return lambda value: f"{value * 100:.4g}%"
    if unit == "m2":
        return lambda value: format_area(value, tag.lower()).removesuffix(" m²")
    return lambda value: f"{value:,.6g}"
