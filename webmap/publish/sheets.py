"""Sheets: pages of many listed buildings each, where every building and unit of a copy has its address.

`listed/3f.html#CODE` is a building or a unit. Without scripts the sheet itself tells of what the address names; with
them `static/src/listed.js` draws its whole page out of the details that lie in `data/buildings/`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from itertools import groupby
from typing import Any, NamedTuple

from flask import Flask, render_template
from sqlalchemy import select

from geo.conditions import seen
from geo.model import Source
from geo.vacancy import Vacancy, vacancy_of
from webmap.db import Database
from webmap.locale import LANGUAGES, Language, in_language
from webmap.publish.folder import CopyFolder
from webmap.publish.packing import packed
from webmap.publish.pages import PageWriter, boot_of
from webmap.publish.places import LISTED, relative
from webmap.publish.wording import page_words

_NUMBER, _SHEET, _DATA, _WORDS = "-number-", "-sheet-", "-data-", "-words-"
"""What stands in a frame for the number of a sheet, for what it tells, and for its two files."""

MARKET = ("vacant", "soon")

Details = Mapping[str, Any]


class Name(NamedTuple):
    """A name and perhaps an English one."""

    name: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A building as a sheet tells of it: its facts, its vacancy, what it lets, and the other units by floor."""

    facts: Details
    name: Name
    contacts: Sequence[tuple[Details, Name]]
    vacancy: Vacancy
    market: Sequence[tuple[Details, Details]]
    others: Sequence[tuple[str, Sequence[Details]]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all sheets of a language have around what they tell."""

    language: Language
    name: str
    html: str
    words: str


class Sheets:
    """Writes sheets one by one; what they load is written when this is made."""

    def __init__(self, app: Flask, writer: PageWriter, folder: CopyFolder) -> None:
        self._app, self._folder, self._paged = app, folder, writer.places.paged
        sources = _sources(app)
        self._frames = [self._frame(language, writer, sources) for language in LANGUAGES]
        writer.write_loaded()

    @property
    def stamp(self) -> str:
        """What all sheets have around what they tell, in short."""
        told = "".join([*(frame.html for frame in self._frames), *sorted(self._paged)])
        return blake2b(told.encode(), digest_size=8).hexdigest()

    def keep(self, number: int) -> bool:
        """Have the sheet of the last publication stay; whether it is there in every language."""
        return all(self._folder.keep(frame.name.replace(_NUMBER, f"{number:x}")) for frame in self._frames)

    def write(self, number: int, data: str, details: Mapping[str, Details]) -> None:
        """Write the sheet of a number in every language; `data` is the file with the same details."""
        buildings = [_told(each) for each in details.values()]
        for frame in self._frames:
            name = frame.name.replace(_NUMBER, f"{number:x}")
            with self._app.test_request_context(in_language(frame.language, f"/{LISTED}/{number:x}")):
                template = self._app.jinja_env.get_template("publish/_buildings.html")
                sheet = template.render(buildings=buildings, paged=self._paged, language=frame.language.tag)
            html = frame.html.replace(_NUMBER, f"{number:x}").replace(_DATA, relative(name, data))
            self._folder.put(name, html.replace(_SHEET, sheet, 1).encode())

    def _frame(self, language: Language, writer: PageWriter, sources: Sequence[Source]) -> _Frame:
        page = in_language(language, f"/{LISTED}/{_NUMBER}")
        home = in_language(language, "/")
        boot = boot_of(writer.read(home))
        with self._app.test_request_context(page, base_url=writer.root):
            words = self._folder.put_named(f"data/words-{language.tag}", ".z", packed(page_words(boot, sources)))
            marks = {"sheet": _SHEET, "data": _DATA, "words": _WORDS}
            html = render_template("publish/listed.html", here=None, live_path=home, sources=sources, **marks)
        name, led = writer.led(page, html)
        return _Frame(language, name, led.decode().replace(_WORDS, relative(name, words)), words)


def _sources(app: Flask) -> Sequence[Source]:
    """All sources that may be named."""
    database: Database = app.extensions["loumap_database"]
    with database.new_public_session() as session:
        chosen = select(Source).where(Source.publishable).options(seen(Source, False)).order_by(Source.id)
        return session.scalars(chosen).all()


def _told(facts: Details) -> Told:
    rows = [(floor, unit) for floor in reversed(facts["floors"]) for unit in floor["units"]]
    market = [(floor, unit) for floor, unit in rows if unit["occupancy"] in MARKET]
    others = [(floor, unit) for floor, unit in rows if unit["occupancy"] not in MARKET]
    leasable = facts["leasable_area_m2"]
    areas = [(unit["occupancy"], _decimal(unit["area_m2"])) for _, unit in rows]
    contacts = [(each, _name(each)) for each in facts.get("contacts", ())]
    vacancy = vacancy_of(areas, _decimal(leasable))
    return Told(facts, _name(facts), contacts, vacancy, market, list(_by_floor(others)))


def _name(thing: Details) -> Name:
    return Name(thing["name"], thing["name_en"])


def _by_floor(rows: Sequence[tuple[Details, Details]]) -> Iterator[tuple[str, list[Details]]]:
    for label, found in groupby(rows, key=lambda row: str(row[0]["label"])):
        yield label, [unit for _, unit in found]


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
