"""Draws the cells of several answers alike: one box, one scale of colours, the day and the numbers on each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

import numpy as np
from flask_babel import gettext
from sqlalchemy.orm import Session

from geo.clusters.analysis import Findings
from geo.clusters.comparing import Difference
from geo.clusters.residents import MICRODEGREES, Residents
from geo.exports.svg_map import Shape, draw_map
from geo.model import GroundFeature
from webmap import plans
from webmap.clusters.amounts import with_unit
from webmap.clusters.drawing import MAIN, colour_of
from webmap.numbers import number
from webmap.plans import Box

BESIDE, MONTH = (720, 560), (480, 380)
"""Sizes of a map beside another, and of a month."""

DRAWN = 2500
"""Cells of a map, those that stand out most."""

_MARGIN = 0.003
_BAND_PX = 52


@dataclass(frozen=True, slots=True)
class Band:
    """Two lines above a map: its day, and the numbers that it rests on."""

    day: str
    numbers: str


def box_of(residents: Residents) -> Box | None:
    """What holds all buildings in which somebody sits, with a margin of a few hundred metres; None without any."""
    if not len(residents.lon):
        return None
    lon, lat = residents.lon / MICRODEGREES, residents.lat / MICRODEGREES
    return (
        *(float(lon.min() - _MARGIN), float(lat.min() - _MARGIN)),
        *(float(lon.max() + _MARGIN), float(lat.max() + _MARGIN)),
    )


def numbers_of(found: Findings | None) -> str:
    """What a map rests on, in a line."""
    if found is None:
        return gettext("没有这个行业的入驻企业")
    if found.question.by != "enterprises":
        return gettext(
            "%(n)s，占全部 %(all)s；%(hot)s 个热点网格",
            n=with_unit(found.total, found.question.by),
            all=with_unit(found.everything, found.question.by),
            hot=number(int(found.hot.sum())),
        )
    return gettext(
        "%(n)s 家，占全部 %(all)s 家；%(hot)s 个网格显著偏多",
        n=number(found.total),
        all=number(found.everything),
        hot=number(int(found.hot.sum())),
    )


def draw_cells(
    session: Session, found: Findings | None, box: Box, size: tuple[int, int], title: str, also: Iterable[Shape] = ()
) -> str:
    """The cells of an answer in a box, over main streets and waters."""
    centre, across_m = plans.view_of(box, size[0] / size[1])
    main = (GroundFeature.kind != "road") | GroundFeature.road_class.in_(MAIN)
    ground = plans.ground(session, box, False, main)
    return draw_map([*ground, *(_cells(found) if found else ()), *also], centre, across_m, size, title=title)


def draw_month(session: Session, found: Findings | None, box: Box, band: Band) -> str:
    """A picture that stands for itself: the map below a band that says its day and numbers."""
    wide, high = MONTH
    plan = draw_cells(session, found, box, MONTH, f"{band.day}{gettext('：')}{band.numbers}")
    inner = plan.replace("<svg ", f'<svg y="{_BAND_PX}" width="{wide}" height="{high}" ', 1)
    family = 'font-family="Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high + _BAND_PX}" {family}>'
        f'<rect width="{wide}" height="{high + _BAND_PX}" fill="#fff"/>'
        f'<text x="8" y="21" font-size="18" font-weight="600" fill="#17202b">{escape(band.day)}</text>'
        f'<text x="8" y="43" font-size="15" fill="#566273">{escape(band.numbers)}</text>{inner}</svg>'
    )


def changes_marked(changes: Iterable[Difference], most: int) -> list[Shape]:
    """A ring round each of the first cells that changed, with its number in the table."""
    shapes = []
    for at, change in enumerate(changes, start=1):
        if at > most:
            break
        shapes.append(Shape("outline", change.outline))
        shapes.append(Shape("pin", change.outline.centroid, str(at), href=f"#change-{at}", said=str(at)))
    return shapes


def _cells(found: Findings) -> Iterator[Shape]:
    for at in np.lexsort((-abs(found.z), ~found.cold, ~found.hot))[:DRAWN].tolist():
        finding = "hot" if found.hot[at] else "cold" if found.cold[at] else ""
        said = gettext(
            "%(near)s，预期 %(expected)s",
            near=with_unit(float(found.near[at]), found.question.by),
            expected=with_unit(float(found.expected[at]), found.question.by, 1),
        )
        colour = colour_of(finding, float(found.quotient[at]), found.question.by)
        yield Shape("cell", found.outlines[at], colour=colour, said=said)
