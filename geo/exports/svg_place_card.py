"""The picture of one building or unit that is sent: its photo or stacking plan, its facts, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.exports.lettering import MUTED, cut, line, lines_of, width_of
from geo.exports.svg_card import (
    FORMS,
    POSTER,
    Words,
    credit,
    foot,
    framed,
    head,
    poster_foot,
    poster_head,
    window,
)
from geo.exports.svg_scene import Scene

LOW = 0.68
"""The foot of the building stands lower than the middle, so that its roof is seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is told of it: pairs of name and value, its picture as an SVG of its own, where it is."""

    facts: Sequence[tuple[str, str]]
    picture: str
    scene: Scene


def draw_place_picture(form: str, place: Place, words: Words, qr: str = "") -> str:
    """The picture in a form of `geo.exports.svg_card.FORMS`, as SVG."""
    drawn = _poster(place, words, qr) if form == "poster" else _wide(form, place, words)
    return framed(FORMS[form], words, drawn)


def nested(svg: str, at: tuple[float, float], size: tuple[float, float]) -> str:
    """A whole SVG with a view box, put into another one as large as fits into a box."""
    box = f'x="{at[0]:g}" y="{at[1]:g}" width="{size[0]:g}" height="{size[1]:g}"'
    return svg.replace("<svg ", f"<svg {box} ", 1)


def _wide(form: str, place: Place, words: Words) -> str:
    width, height = FORMS[form]
    top, bottom = 118, height - 62
    tall = bottom - top
    map_left = width * 0.62
    drawn = window(place.scene, (map_left, top), (int(width - map_left), tall), letter=1.15, low=LOW)
    drawn += nested(place.picture, (32, top + 4), (width * 0.26, tall - 22))
    left = 32 + width * 0.26 + 32
    drawn += _facts(place.facts, (left, top + 34), map_left - left - 24, tall - 30)
    return drawn + head(words, width) + foot(words, width, height) + credit(words, width, bottom)


def _facts(facts: Sequence[tuple[str, str]], at: tuple[float, float], room: float, tall: float) -> str:
    """Names small above their values, as many as there is room for."""
    each = 74
    drawn = ""
    for number, (name, value) in enumerate(facts[: int(tall // each)]):
        y = at[1] + number * each
        size = 26 if width_of(value, 26) <= room else 21
        drawn += line(at[0], y - 6, name, 18, fill=MUTED)
        drawn += line(at[0], y + 26, cut(value, size, room), size, strong=True)
    return drawn


def _poster(place: Place, words: Words, qr: str) -> str:
    width, height = POSTER
    drawn, top = poster_head(words, words.detail or words.line)
    bottom = height - 238
    middle = int(top + (bottom - top) * 0.56)
    drawn += nested(place.picture, (64, top + 10), (430, middle - top - 34))
    drawn += _poster_facts(place.facts, (550, top + 10), width - 64 - 550, middle - top - 20)
    drawn += window(place.scene, (0, middle), (width, bottom - middle), letter=1.4, zoomed=1.15, low=LOW)
    return drawn + poster_foot(words, qr, bottom)


def _poster_facts(facts: Sequence[tuple[str, str]], at: tuple[float, float], room: float, tall: float) -> str:
    each, drawn = 92, ""
    for number, (name, value) in enumerate(facts[: int(tall // each)]):
        y = at[1] + 24 + number * each
        size = 34 if width_of(value, 34) <= room else 26
        drawn += line(at[0], y, name, 22, fill=MUTED)
        for place, said in enumerate(lines_of(value, size, room, 1)):
            drawn += line(at[0], y + 42 + place * 34, said, size, strong=True)
    return drawn
