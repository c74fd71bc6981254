"""What changed in a search in words, and as a calendar; the feed itself is `templates/follow/units.atom`."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from icalendar import Calendar, Event

from geo.filter_words import in_words
from geo.filters import Filters
from geo.news import News
from webmap.locale import address, language
from webmap.names import hant, label
from webmap.numbers import area, day, quoted
from webmap.words import word


def search_title(filters: Filters) -> str:
    """A search in one line."""
    asked = [hant(phrase) for phrase in in_words(filters, language().tag)]
    return " · ".join(asked) or gettext("全部可租房源")


def news_title(news: News) -> str:
    """What happened to which unit."""
    unit = news.unit
    kinds = {"new": gettext("新上市"), "changed": gettext("有变化"), "gone": gettext("已下架")}
    name = label(unit) or hant(unit.address) or gettext("未命名楼宇")
    return gettext("%(kind)s：%(unit)s", kind=kinds[news.kind], unit=f"{name} {unit.label}")


def news_lines(news: News) -> list[str]:
    """What is told of the unit now, and what it was before where that differs."""
    told = news.after or news.before or {}
    lines = [text for _, text in _said(told)]
    if news.kind == "changed" and news.before:
        now = dict(_said(told))
        before = [text for name, text in _said(news.before) if now.get(name) != text]
        lines += [gettext("此前：%(before)s", before=gettext("，").join(before))] if before else []
    return lines


def calendar(filters: Filters, units: Iterable[Any], site: str, today: date) -> bytes:
    """The days from which units can be had, as an iCalendar file; `units` are rows of `geo.search.UNIT_COLUMNS`."""
    made = Calendar()
    made.add("prodid", "-//LouMap//units//")
    made.add("version", "2.0")
    made.add("x-wr-calname", search_title(filters))
    for unit in units:
        if unit.available_on and unit.available_on >= today:
            made.add_component(_event(unit, site, today))
    found: bytes = made.to_ical()
    return found


def _event(unit: Any, site: str, today: date) -> Event:
    name = hant(unit.building_name) if language().tag != "en" else unit.building_name_en or unit.building_name
    event, link = Event(), f"{site}{address(f'/u/{unit.code}')}"
    event.add("uid", f"{unit.code}@loumap")
    event.add("dtstamp", unit.recorded_at)
    event.add("dtstart", unit.available_on)
    event.add("dtend", unit.available_on + timedelta(days=1))
    event.add("summary", gettext("可入驻：%(name)s %(unit)s", name=name or "", unit=unit.label))
    said = [area(unit.area_m2)] if unit.area_m2 else []
    said += [quoted(unit.rent_amount, unit.rent_unit)] if unit.rent_amount is not None else []
    event.add("description", gettext("，").join(str(text) for text in said) + f"\n{link}")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event


def _said(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Column and text of what the public was told of a unit."""
    said = [("public_status", word(told.get("public_status"), "occupancy"))]
    if told.get("area_m2") is not None:
        said.append(("area_m2", str(area(told["area_m2"]))))
    if told.get("rent_amount") is not None:
        said.append(("rent_amount", str(quoted(told["rent_amount"], told["rent_unit"]))))
    if told.get("fitout"):
        said.append(("fitout", word(told["fitout"], "fitout")))
    if told.get("available_on"):
        first = date.fromisoformat(told["available_on"])
        said.append(("available_on", gettext("%(day)s 起可入驻", day=day(first))))
    return said
