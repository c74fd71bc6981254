"""What a link shows, in a title and a sentence of the request's language: what its maker and its readers are told.

Only what visitors may see is read; of a thing that they may not see, or that is gone, only the kind of page is said.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import shown
from geo.filter_words import in_words
from geo.indicators import indicators
from geo.model import Area, Building, Unit
from webmap import map_address, numbers
from webmap.locale import language
from webmap.names import hant, label
from webmap.share.states import LinkState
from webmap.words import industry_name, word

_MOST_NAMES = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A title of a few words, and a sentence that says more."""

    title: str
    sentence: str = ""


def subject_of(session: Session, state: LinkState) -> Subject:
    """What a state shows; `session` decides what may be told."""
    if state.page == "map":
        return _of_map(session, state)
    if state.page in ("building", "unit", "area"):
        told = {"building": _of_building, "unit": _of_unit, "area": _of_area}[state.page](session, state.code)
        return told or Subject(kind_of(state.page))
    if state.page in ("compare", "shortlist"):
        return _of_units(state)
    if state.page == "clusters":
        return _of_clusters(state)
    if state.page == "side_by_side":
        return Subject(kind_of(state.page), gettext("两个行业或两个日期，同一把尺子，哪里变热、哪里不再热。"))
    if state.page == "months":
        return Subject(kind_of(state.page), gettext("同一张集聚图，一个月一张，看产业往哪里走。"))
    if state.page == "together":
        return Subject(kind_of(state.page), gettext("哪些行业聚得紧，哪些行业在一起。"))
    if state.page == "leading":
        return Subject(kind_of(state.page), gettext("每个网格、每幢楼、每个区域里，哪个行业最多。"))
    if state.page == "chains":
        return Subject(kind_of(state.page), gettext("上游和下游企业是否在走得到的距离里，集群还缺哪些伙伴。"))
    if state.page in ("indicators", "indicator", "cockpit"):
        return _of_indicators(session, state)
    return Subject(gettext("选址结果"), gettext("按要求排好序的房源，每一分都写明理由。"))


def kind_of(page: str) -> str:
    """What a kind of page is called."""
    kinds = {
        "map": gettext("地图"),
        "building": gettext("楼宇"),
        "unit": gettext("单元"),
        "area": gettext("区域"),
        "compare": gettext("比较"),
        "shortlist": gettext("清单"),
        "match": gettext("选址"),
        "clusters": gettext("产业集聚"),
        "chains": gettext("产业链"),
        "together": gettext("各行业比较"),
        "leading": gettext("领先行业"),
        "side_by_side": gettext("并排对比"),
        "months": gettext("逐月变化"),
        "indicators": gettext("指标"),
        "indicator": gettext("指标"),
        "cockpit": gettext("驾驶舱"),
        "selection": gettext("为您选的房源"),
    }
    return kinds[page]


def _of_map(session: Session, state: LinkState) -> Subject:
    """The filters; of a map without any the building that is picked, or just the map."""
    shown_there = map_address.parse(state.query)
    said = " · ".join(hant(phrase) for phrase in in_words(shown_there.filters, language().tag, _places(session)))
    chosen = _building(session, shown_there.b) if shown_there.b else None
    name = _name(chosen) if chosen else ""
    title = gettext("%(name)s和周边", name=name) if name else gettext("可租写字楼地图")
    return Subject(title, said or gettext("逐层查看空置，每条信息注明来源和日期。"))


def _of_building(session: Session, code: str) -> Subject | None:
    found = _building(session, code)
    if found is None:
        return None
    told = [word(found.grade, "grade", found.grade_scheme)]
    told += [ngettext("%(num)s 层", "%(num)s 层", found.floors_above)] if found.floors_above else []
    told += [hant(found.address)] if found.address else []
    return Subject(_name(found), " · ".join(each for each in told if each))


def _of_unit(session: Session, code: str) -> Subject | None:
    columns = (Unit.label, Unit.area_m2, Unit.public_status, Unit.rent_amount, Unit.rent_unit, Unit.building_id)
    unit = session.execute(select(*columns).where(Unit.code == code, *shown(Unit, False))).one_or_none()
    columns_there = (Building.name, Building.name_en, Building.address)
    there = (
        unit
        and session.execute(
            select(*columns_there).where(Building.id == unit.building_id, *shown(Building, False))
        ).one_or_none()
    )
    if not unit or not there:
        return None
    told = [word(unit.public_status, "occupancy"), numbers.area(unit.area_m2) if unit.area_m2 else ""]
    if unit.public_status in ("vacant", "soon") and unit.rent_amount is not None:
        told.append(numbers.quoted(unit.rent_amount, unit.rent_unit))
    return Subject(f"{_name(there)} {unit.label}", " · ".join(each for each in told if each))


def _of_area(session: Session, code: str) -> Subject | None:
    chosen = select(Area.name, Area.name_en).where(Area.code == code, *shown(Area, False))
    found = session.execute(chosen).one_or_none()
    return found and Subject(label(found), gettext("楼宇、空置和租金一览。"))


def _of_units(state: LinkState) -> Subject:
    sent = parse_qs(state.query)
    count = sum(len(value.split(",")) for name in ("u", "b") for value in sent.get(name, ()))
    said = ngettext("%(num)s 处", "%(num)s 处", count)
    kind = gettext("选房清单") if state.page == "shortlist" else gettext("楼宇和单元比较")
    return Subject(f"{kind} · {said}")


def _of_clusters(state: LinkState) -> Subject:
    industry = parse_qs(state.query).get("industry", ["finance"])[0]
    title = f"{gettext('产业集聚')}{gettext('：')}{industry_name(industry)}"
    return Subject(title, gettext("哪一类企业聚在哪里，比偶然多多少，每个数字都能复算。"))


def _of_indicators(session: Session, state: LinkState) -> Subject:
    area = parse_qs(state.query).get("area", [""])[0]
    place = _places(session).get(area) or gettext("全部纳管楼宇")
    found = next((each for each in indicators() if each.code == state.code), None)
    said = gettext("每个数字都有定义、公式、来源和日期，可以一层层点到楼宇。")
    title = label(found) if found else kind_of(state.page)
    return Subject(f"{title}{gettext('：')}{place}", said)


def _building(session: Session, code: str) -> Any:
    columns = (Building.name, Building.name_en, Building.address, Building.grade, Building.grade_scheme)
    chosen = select(*columns, Building.floors_above).where(Building.code == code, *shown(Building, False))
    return session.execute(chosen).one_or_none()


def _name(building: Any) -> str:
    return label(building) or hant(building.address) or gettext("未命名楼宇")


def _places(session: Session) -> dict[str, str]:
    """Names of areas by their codes."""
    rows = session.execute(select(Area.code, Area.name, Area.name_en).where(*shown(Area, False)))
    return {row.code: label(row)[:_MOST_NAMES] for row in rows}
