"""Pictures of a building, a unit, and of what is compared: for chats, upright for walls, and large for slides."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from geo.exports.svg_card import FORMS
from geo.exports.svg_place_card import Place, draw_place_picture
from geo.exports.svg_stack import draw_stack
from webmap import cards
from webmap.buildings import texts
from webmap.buildings.comparing import Compared
from webmap.buildings.operations import Asker, BuildingPage
from webmap.buildings.units import UnitPage
from webmap.locale import ENGLISH, language
from webmap.names import hant, label
from webmap.numbers import area, day, floor_label, month, percent, quoted, quoted_range
from webmap.picture_rows import pictures_of
from webmap.place_pictures import Pin, draw_places, let_said, occupancy_legend, photo_svg, scene_around
from webmap.words import word

STACK = (340, 440)


def building_picture(session: Session, page: BuildingPage, asker: Asker, form: str) -> str:
    """The picture of a building, as SVG."""
    words = cards.words(
        name_of(page),
        " · ".join(texts.headline(page)[:3]),
        sources=page.sources.values(),
        as_of=asker.today,
        detail=where(page),
        legend=occupancy_legend(),
    )
    facts = [
        (gettext("可租"), f"{area(page.vacancy.vacant_m2)} · {_units(page)}" if page.market else gettext("暂无可租")),
        (gettext("空置率"), percent(page.vacancy.rate)),
        (gettext("挂牌租金"), _rents(page)),
        (
            gettext("等级"),
            word(page.building.grade, "grade", page.building.grade_scheme) if page.building.grade else "",
        ),
        (gettext("可租售面积"), area(page.building.leasable_area_m2) if page.building.leasable_area_m2 else ""),
        (gettext("入驻企业"), str(page.enterprises) if page.enterprises else ""),
    ]
    return _drawn(session, page, form, words, facts, _picture(session, page, asker), f"/b/{page.building.code}")


def unit_picture(session: Session, found: UnitPage, asker: Asker, form: str) -> str:
    """The picture of a unit, as SVG."""
    page, unit = found.page, found.unit
    floor = page.floors.get(unit.floor_id)
    on_market = unit.status in ("vacant", "soon")
    words = cards.words(
        f"{name_of(page)} {unit.label}",
        " · ".join(
            filter(None, [word(unit.status, "occupancy"), area(unit.area_m2) if unit.area_m2 else "", where(page)])
        ),
        sources=page.sources.values(),
        as_of=asker.today,
        detail=where(page),
        legend=occupancy_legend(),
    )
    facts = [
        (gettext("面积"), area(unit.area_m2)),
        (
            gettext("挂牌租金"),
            quoted(unit.rent_amount, unit.rent_unit) if on_market and unit.rent_amount else _unpriced(on_market),
        ),
        (gettext("楼层"), floor_label(floor.label) if floor else ""),
        (gettext("可租时间"), _available(unit) if on_market else ""),
        (gettext("装修"), word(unit.fitout, "fitout") if unit.fitout and on_market else ""),
        (gettext("报送日期"), day(unit.reported_on) if unit.reported_on else ""),
    ]
    picture = _picture(session, page, asker, unit)
    return _drawn(session, page, form, words, facts, picture, f"/u/{unit.code}")


def compared_picture(session: Session, compared: Sequence[Compared], asker: Asker, form: str) -> str:
    """The picture of what is compared, as SVG."""
    pins = {
        each.building.id: Pin(each.building.id, each.page.lon, each.page.lat, label(each.building), _said(each))
        for each in reversed(compared)
    }
    sources = {source.id: source for each in compared for source in each.page.sources.values()}
    title = gettext("比较：%(names)s", names=gettext("、").join(each.name for each in compared))
    line = ngettext("%(num)s 处并列", "%(num)s 处并列", len(compared))
    found = list(pins.values())[::-1]
    return draw_places(session, found, form, title=title, line=line, sources=[*sources.values()], as_of=asker.today)


def name_of(page: BuildingPage) -> str:
    """What a building is called on a picture."""
    return label(page.building) or hant(page.building.address) or gettext("未命名楼宇")


def _drawn(
    session: Session, page: BuildingPage, form: str, words: Any, facts: list[tuple[str, str]], picture: str, path: str
) -> str:
    pin = Pin(page.building.id, page.lon, page.lat, name_of(page), let_said(page.vacancy.vacant_m2))
    scene = scene_around(session, pin, FORMS[form])
    told = [(name, value) for name, value in facts if value]
    qr = cards.qr_svg(cards.page_url(path)) if form == "poster" else ""
    return draw_place_picture(form, Place(told, picture, scene), words, qr)


def photo_of(session: Session, page: BuildingPage, asker: Asker, unit: Any = None) -> Any:
    """The first photo of the unit, or of the building as a whole; None where there is none."""
    photos = [row for row in pictures_of(session, page.building.id, asker.today) if row.kind == "photo"]
    whole = [row for row in photos if row.unit_id is None and row.floor_id is None]
    mine = [row for row in photos if row.unit_id == unit.id] if unit else whole
    return mine[0] if mine else None


def _picture(session: Session, page: BuildingPage, asker: Asker, unit: Any = None) -> str:
    """A photo, or else the stacking plan with the unit marked."""
    if (photo := photo_of(session, page, asker, unit)) is not None:
        return photo_svg(photo)
    title = gettext("%(name)s 的楼层剖面", name=name_of(page))
    width, height = STACK
    return draw_stack(page.plan, title=title, width=width, height=height, mark=[unit.id] if unit else ())


def where(page: BuildingPage) -> str:
    """Areas and address of a building in one line."""
    building = page.building
    address = (building.address_en or building.address) if language() is ENGLISH else hant(building.address)
    return " · ".join(filter(None, [*(label(area) for area in page.areas[-2:]), address or ""]))


def _units(page: BuildingPage) -> str:
    return ngettext("%(num)s 个单元", "%(num)s 个单元", page.vacancy.vacant_units)


def _rents(page: BuildingPage) -> str:
    if not page.rents:
        return _unpriced(bool(page.market))
    return quoted_range(page.rents[0].low, page.rents[0].high, page.rents[0].unit)


def _unpriced(on_market: bool) -> str:
    return gettext("面议") if on_market else gettext("未挂牌")


def _available(unit: Any) -> str:
    return month(unit.available_on) if unit.available_on else gettext("即时")


def _said(each: Compared) -> str:
    return area(each.unit.area_m2) if each.unit else let_said(each.page.vacancy.vacant_m2)
