"""A report as its reader sees it: in the language of the page, its numbers leading to their definitions."""

from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from geo.exports.hatches import hatched, hatches
from geo.exports.report_pictures import draw
from geo.exports.svg_map import with_halos_apart
from geo.reports.blocks import Chapter, Chart, Map, chapter_from, chapter_json
from geo.reports.document import Document
from webmap.locale import ENGLISH, SIMPLIFIED, address, language
from webmap.names import hant


def chapters_of(document: Document) -> tuple[Chapter, ...]:
    """The chapters in the reader's language; 繁體 is made of 简体."""
    tag = ENGLISH.tag if language() is ENGLISH else SIMPLIFIED.tag
    chapters = document.chapters[tag]
    return chapters if language() in (ENGLISH, SIMPLIFIED) else tuple(_converted(each) for each in chapters)


def title_of(titles: dict[str, str]) -> str:
    """What it is called in the reader's language."""
    return titles[ENGLISH.tag] if language() is ENGLISH else hant(titles[SIMPLIFIED.tag])


def chart_svg(chart: Chart, key: str) -> Markup:
    """A chart as SVG."""
    return Markup(draw(chart, key, language().tag))  # escaped where it is drawn


def map_svg(drawn: Map, on_paper: str | None) -> Markup:
    """A map as SVG; what makes paper knows no halos, so that there they are words of their own."""
    return Markup(with_halos_apart(drawn.svg) if on_paper else drawn.svg)  # escaped where it was drawn


def swatch(colour: str, hatch: int, key: str) -> Markup:
    """A colour of a legend with its hatch; `key` is a name that no other drawing of the page has."""
    # Both come from what was kept, whose colours are ours.
    box = f'<rect width="16" height="16" fill="{hatched(colour, hatch, key)}"/>'
    drawn = f"{hatches([(colour, hatch)], key)}{box}"
    return Markup(f'<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">{drawn}</svg>')


def definition_address(document: Document, code: str, known_at: str) -> str:
    """The page of an indicator at the moment of the report."""
    told = {"area": document.area, "as_of": document.as_of, "known_at": known_at}
    query = urlencode({name: value for name, value in told.items() if value}, safe=":")
    return address(f"/indicators/{code}?{query}")


def _converted(chapter: Chapter) -> Chapter:
    return chapter_from(_hant(chapter_json(chapter)))


def _hant(told: Any) -> Any:
    if isinstance(told, str):
        return hant(told)
    if isinstance(told, dict):
        return {name: _hant(value) for name, value in told.items()}
    return [_hant(value) for value in told] if isinstance(told, list | tuple) else told
