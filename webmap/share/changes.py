"""What has changed of the units and buildings of a selection since it was sent, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.filters import MARKET
from geo.model import Unit, UnitNews
from webmap.left_out import left_out
from webmap.numbers import area, day, month, quoted
from webmap.picked.filling import Entry, Found, House
from webmap.share.selection_models import SelectionItem
from webmap.words import word

A_WEEK = timedelta(days=7)
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words; `bad` where the unit can be had less surely than when it was sent."""

    text: str
    bad: bool = False


def changes_of(item: SelectionItem, entry: Entry, since: datetime | None, today: date) -> list[Change]:
    """What differs from what was told; `since` is when the unit left the market, if that is known."""
    if entry.thing is None:
        return [Change(gettext("已不在册"), bad=True)] if item.told else []
    if entry.house:
        return list(_of_house(item.told.get("free", {}), entry.house))
    return _of_unit(item, entry.found, since, today) if entry.found else []


def _of_house(told: Mapping[str, Sequence[Any]], house: House) -> Iterable[Change]:
    """Which of its units have come onto the market, and which have left it."""
    now = {unit.code: unit.label for unit in house.free}
    gone = [label for code, (label, _) in told.items() if code not in now]
    come = [label for code, label in now.items() if code not in told]
    if gone:
        yield Change(gettext("%(units)s 已不在租", units=_labels(gone)), bad=True)
    if come:
        yield Change(gettext("新增可租 %(units)s", units=_labels(come)))


def _labels(labels: Sequence[str]) -> str:
    """A few of them by name, the others by number."""
    named = gettext("、").join(labels[:MOST_NAMED])
    rest = len(labels) - MOST_NAMED
    return gettext("%(units)s等 %(n)s 个单元", units=named, n=len(labels)) if rest > 0 else named


def _of_unit(item: SelectionItem, found: Found, since: datetime | None, today: date) -> list[Change]:
    if item.told.get("status") in MARKET and not found.on_market:
        return [Change(_left(found.unit.status, since, today), bad=True)]
    told = list(_told(item.told, found))
    unit = found.unit
    if left_out(unit.status, unit.reported_on, unit.verified_on):
        told.append(Change(gettext("现在久未确认，请先核实"), bad=True))
    return told


def left_market(session: Session, codes: Iterable[str], since: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Code → when a unit left the market last, for those that did after `since`."""
    status = UnitNews.after["public_status"].astext
    gone = UnitNews.after.is_(None) | status.not_in(MARKET)
    chosen = select(Unit.code, func.max(UnitNews.happened_at).label("at")).join(Unit, Unit.id == UnitNews.unit_id)
    rows = session.execute(
        chosen.where(Unit.code.in_(list(codes)), UnitNews.happened_at > since, gone).group_by(Unit.code)
    )
    return {row.code: row.at.astimezone(zone) for row in rows}


def _left(status: str, since: datetime | None, today: date) -> str:
    """That a unit is gone from the market, and since when."""
    when = _since(since, today) if since else ""
    if status == "in_use":
        return gettext("%(day)s起已租出", day=when) if when else gettext("已租出")
    said = word(status, "occupancy")
    return gettext("%(day)s起已不在租（%(status)s）", day=when, status=said) if when else gettext("已不在租")


def _since(instant: datetime, today: date) -> str:
    """The day of the week where that is clear, else the date."""
    if today - instant.date() < A_WEEK:
        return str(get_day_names("wide", locale=get_locale())[instant.weekday()])
    return day(instant.date())


def _told(told: Mapping[str, Any], found: Found) -> Iterable[Change]:
    unit = found.unit
    if told.get("status") not in MARKET and found.on_market:
        yield Change(gettext("又可租了"))
    elif told.get("status") != unit.status:
        yield Change(gettext("现在%(status)s", status=word(unit.status, "occupancy")))
    before, now = _rent(told.get("rent_amount"), told.get("rent_unit")), _rent(unit.rent_amount, unit.rent_unit)
    if found.on_market and before != now:
        yield Change(gettext("租金 %(before)s → %(now)s", before=before, now=now), bad=_is_dearer(told, unit))
    size = told.get("area_m2")
    if size is not None and unit.area_m2 is not None and Decimal(size) != unit.area_m2:
        yield Change(gettext("面积 %(before)s → %(now)s", before=area(Decimal(size)), now=area(unit.area_m2)))
    ready = date.fromisoformat(told["available_on"]) if told.get("available_on") else None
    if found.on_market and ready != unit.available_on:
        yield Change(
            gettext("可租时间改为 %(when)s", when=month(unit.available_on) if unit.available_on else gettext("即时"))
        )


def _rent(amount: Any, unit: str | None) -> str:
    return gettext("面议") if amount is None else quoted(Decimal(amount), unit)


def _is_dearer(told: Mapping[str, Any], unit: Any) -> bool:
    both = told.get("rent_amount") is not None and unit.rent_amount is not None
    return both and told.get("rent_unit") == unit.rent_unit and unit.rent_amount > Decimal(told["rent_amount"])
