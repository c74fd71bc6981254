"""An area on paper: its brochure, and one page of its numbers with sources for a visiting delegation."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from flask import render_template
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from geo import taxonomy
from geo.filters import Filters
from geo.model import Source
from webmap import cards
from webmap.buildings.areas import AreaPage, load_area
from webmap.buildings.operations import Asker
from webmap.buildings.paper import frame
from webmap.db import public_session
from webmap.looking_back import day_shown
from webmap.names import label
from webmap.numbers import area, day, number, percent, quoted_range
from webmap.papers import Tell, data_url, press
from webmap.past_searching import shown_search
from webmap.place_pictures import scene_png, scene_within
from webmap.plans import outline

MAPS = {"a4": (1000, 440), "long": (760, 620)}
BRIEFING_MAP = (1000, 430)
MOST = {"a4": 40, "long": 60}
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_UPPER_BITS = 16
"""Of a value of `firms` in the state file: above are the map group, below the enterprises."""

Industries = list[tuple[str, int, float]]


def write_area(code: str, form: str, tell: Tell) -> bytes:
    """The brochure of an area as PDF. Raises NotFoundError as its page does."""
    session, asker, page = _loaded(code)
    tell(1, 4)
    told = _told(session, page, asker, form, MAPS[form])
    tell(2, 4)
    html = render_template("area/brochure.html", **told, most=MOST[form])
    tell(3, 4)
    return press(html, form)


def write_briefing(code: str, form: str, tell: Tell) -> bytes:
    """The page for a delegation as PDF. Raises NotFoundError as the page of the area does."""
    session, asker, page = _loaded(code)
    tell(1, 4)
    told = _told(session, page, asker, form, BRIEFING_MAP if form == "a4" else MAPS[form])
    tell(2, 4)
    shown = _figures(page, told["industries"], told["enterprises"], told["sources"])
    html = render_template(
        "area/briefing.html", **told, figures=shown, definitions=_definitions(page, asker), marks=MARKS
    )
    tell(3, 4)
    return press(html, form)


def _loaded(code: str) -> tuple[Session, Asker, AreaPage]:
    session, asker = public_session(), Asker(day_shown())
    return session, asker, load_area(session, code, asker)


def _told(session: Session, page: AreaPage, asker: Asker, form: str, size: tuple[int, int]) -> dict[str, Any]:
    name = label(page.area)
    drawn = scene_within(session, page.area.code, outline(page.area.geom), size)
    industries = industries_in(page.area.code)
    return {
        **frame(form, f"/a/{page.area.code}", name, asker, [*page.sources.values()]),
        "page": page,
        "picture": data_url(scene_png(drawn, size, letter=1.2), "image/png"),
        "legend": cards.vacancy_legend(),
        "industries": industries,
        "enterprises": sum(count for _, count, _ in industries),
    }


def industries_in(code: str) -> Industries:
    """Map groups of the enterprises in the buildings of an area: code, number, share; the largest first, "other" last.

    An enterprise counts in every building that it works in.
    """
    found = shown_search(Filters(within=(code,)))
    firms = found.table.columns.lists("buildings", "firms")
    values = np.concatenate([firms.row(int(row)) for row in np.flatnonzero(found.passing)] or [np.zeros(0, np.uint32)])
    words = found.table.words["industry"]
    counts = np.bincount(values >> _UPPER_BITS, weights=values & ((1 << _UPPER_BITS) - 1), minlength=len(words) + 1)
    total = float(counts.sum())
    known = {group.code for group in taxonomy.map_groups()}
    groups = [(word, int(counts[place])) for place, word in enumerate(words, 1) if word in known and counts[place]]
    groups.sort(key=lambda pair: (pair[0] == "other", -pair[1]))
    return [(word, count, count / total) for word, count in groups]


def _figures(
    page: AreaPage, industries: Industries, enterprises: int, sources: Sequence[Source]
) -> list[tuple[str, str, str, str]]:
    """Name, value, what it is of, and marks of the sources in their order at the foot."""
    marks = " ".join(MARKS[: len(sources)][:3])
    vacancy = page.vacancy
    grades = [each for each in page.buildings if each.facts.grade in ("super_a", "a")]
    low, high = _rents(page)
    units = ngettext("%(num)s 个单元", "%(num)s 个单元", vacancy.vacant_units)
    shown = [
        (gettext("楼宇"), number(page.count), gettext("%(n)s 幢已投入运营", n=number(page.operating))),
        (gettext("甲级及以上"), number(len(grades)), gettext("按已登记等级")),
        (gettext("可租售面积"), area(vacancy.base_m2), ""),
        (gettext("可租"), area(vacancy.vacant_m2), units),
        (gettext("空置率"), percent(vacancy.rate), gettext("未知 %(share)s", share=percent(vacancy.unknown_share))),
        (gettext("挂牌租金"), quoted_range(low, high, "cny_m2_day") if low else "—", gettext("各楼宇最低至最高")),
        (gettext("入驻企业"), number(enterprises) if enterprises else "—", gettext("逐楼登记，按楼宇计")),
        (gettext("主导产业"), _leading(industries), _leading_share(industries)),
    ]
    return [(*each, marks) for each in shown]


def _rents(page: AreaPage) -> tuple[float, float]:
    known = [each.rent_cny_m2_day for each in page.buildings if each.rent_cny_m2_day]
    return (round(min(low for low, _ in known), 2), round(max(high for _, high in known), 2)) if known else (0.0, 0.0)


def _leading(industries: Industries) -> str:
    names = {group.code: label(group) for group in taxonomy.map_groups()}
    return names[industries[0][0]] if industries else "—"


def _leading_share(industries: Industries) -> str:
    return gettext("占 %(share)s", share=percent(industries[0][2])) if industries else ""


def _definitions(page: AreaPage, asker: Asker) -> list[str]:
    reports = [each.reported_on for each in page.buildings if each.reported_on]
    said = [
        gettext("空置率＝已知空置面积 ÷ 可租售面积，只计已投入运营的楼宇；未报送的面积单列为未知，不算已租。"),
        gettext("租金为公开挂牌价，按每平方米每天折算，不是成交价。"),
        gettext("入驻企业和产业占比按楼宇内登记的企业家数计，同一企业在两幢楼各计一次。"),
    ]
    if reports:
        said.append(gettext("单元状态最早一条报送于 %(day)s，均为截至当日公开的数据。", day=day(min(reports))))
    return said
