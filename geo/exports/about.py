"""What every file says of itself: what was asked for, on which day, from which sources, under which licence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import named, seen
from geo.exports.fields import Field
from geo.exports.layers import Layer
from geo.filter_words import in_words
from geo.filters import Filters, to_query
from geo.model import Source

NOTE = "本文件是当日的副本，不会自动更新。仅含公开信息。"
NOTE_EN = "This file is a copy of that day and does not update. It holds public facts only."


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as a file names it."""

    name: str
    licence: str | None
    attribution: str
    url: str | None
    dated_on: date | None
    map_review_number: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class About:
    """A layer of a search on a day, and the site that made the file."""

    layer: Layer
    filters: Filters
    today: date
    origins: Sequence[Origin]
    site: str = ""
    address: str = ""
    map_review_number: str | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    def facts(self, locale: str = "zh") -> dict[str, str]:
        """Heading → what is said under it, for people."""
        return _facts_en(self) if locale == "en" else _facts(self)

    def plain(self) -> dict[str, Any]:
        """The same for programs, with the dictionary of the columns."""
        return {
            "title": self.layer.title,
            "title_en": self.layer.title_en,
            "site": self.site,
            "address": self.address,
            "date": self.today.isoformat(),
            "filter": to_query(self.filters),
            "filter_in_words": in_words(self.filters, "zh", self.places),
            "licence": licence(self.origins),
            "attribution": attribution(self.origins),
            "map_review_number": self.map_review_number,
            "sources": [_plain(origin) for origin in self.origins],
            "crs": "EPSG:4326 (WGS 84)",
            "note": NOTE,
            "note_en": NOTE_EN,
            "fields": [_field(each) for each in self.layer.fields],
        }

    def json(self) -> str:
        """`plain` as text."""
        return json.dumps(self.plain(), ensure_ascii=False)


def origins_of(session: Session) -> list[Origin]:
    """Every source that may be published, by name."""
    chosen = select(Source).options(seen(Source, staff=False)).where(*named(Source, staff=False))
    return [
        Origin(
            row.name,
            row.licence,
            row.attribution or row.name,
            row.url,
            row.dated_on,
            row.map_review_number,
            row.invented,
        )
        for row in session.scalars(chosen.order_by(Source.name))
    ]


def attribution(origins: Sequence[Origin]) -> str:
    """Who has to be named beside anything made of these sources."""
    return " · ".join(dict.fromkeys(origin.attribution for origin in origins))


def licence(origins: Sequence[Origin]) -> str:
    """The licences of these sources, each with what it is about where there are several."""
    stated = dict.fromkeys(f"{origin.name}: {origin.licence}" for origin in origins if origin.licence)
    return "; ".join(stated) or "以各来源说明为准 / as stated by each source"


def _facts(about: About) -> dict[str, str]:
    return _stated(
        {
            "内容": about.layer.title,
            "网站": " ".join(filter(None, (about.site, about.address))),
            "数据日期": about.today.isoformat(),
            "筛选": " · ".join(in_words(about.filters, "zh", about.places)) or "全部",
            "来源署名": attribution(about.origins),
            "许可": licence(about.origins),
            "审图号": _reviewed(about),
            "坐标系": "EPSG:4326（WGS 84）",
            "说明": NOTE,
        }
    )


def _facts_en(about: About) -> dict[str, str]:
    return _stated(
        {
            "Content": about.layer.title_en,
            "Site": " ".join(filter(None, (about.site, about.address))),
            "As of": about.today.isoformat(),
            "Filter": " · ".join(in_words(about.filters, "en", about.places)) or "everything",
            "Attribution": attribution(about.origins),
            "Licence": licence(about.origins),
            "Map review number": _reviewed(about),
            "Coordinate system": "EPSG:4326 (WGS 84)",
            "Note": NOTE_EN,
        }
    )


def _stated(facts: dict[str, str]) -> dict[str, str]:
    return {heading: text for heading, text in facts.items() if text}


def _reviewed(about: About) -> str:
    numbers = [about.map_review_number, *(origin.map_review_number for origin in about.origins)]
    return ", ".join(dict.fromkeys(filter(None, numbers)))


def _plain(origin: Origin) -> dict[str, Any]:
    return {
        "name": origin.name,
        "licence": origin.licence,
        "attribution": origin.attribution,
        "url": origin.url,
        "date": origin.dated_on.isoformat() if origin.dated_on else None,
        "map_review_number": origin.map_review_number,
        "invented": origin.invented,
    }


def _field(each: Field) -> dict[str, Any]:
    told = {"name": each.name, "type": each.kind, "heading": each.heading, "heading_en": each.heading_en}
    more = {"unit": each.unit, "meaning": each.meaning, "meaning_en": each.meaning_en}
    codes = {word.code: {"zh": word.name, "en": word.name_en} for word in each.codes}
    return told | {name: text for name, text in more.items() if text} | ({"codes": codes} if codes else {})
