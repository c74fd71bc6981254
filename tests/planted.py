"""Marks: words, numbers and days that occur nowhere else; whoever finds one in a public answer has found a leak."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Date, Integer, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB

from geo.disclosure import Audience, may_see
from geo.errors import UnknownFieldError
from geo.model import Building
from geo.model.declarative import new_code

YEAR = 2071
"""Every secret day lies in it."""

SECRET_DAY = re.compile(rf"(?<!\d){YEAR}(-\d\d|年)")

_FIXED = frozenset({"occupancy", "contract", "secrecy", "state", "kind", "rent_unit", "table_name", "layer"})
"""Columns whose values come from a fixed list, which holds no mark."""


def says(text: str, mark: str) -> bool:
    """Whether a text says a mark; a number as a whole, since its digits may be among those of a measured time."""
    if mark not in text or not mark.replace(",", "").isdecimal():
        return mark in text
    return re.search(rf"(?<![\d.]){mark}(?!\d)", text) is not None


@dataclass
class Planted:
    """The marks with what they stand for, and the codes of public and of hidden things.

    `home` is the building that most is about; what is about other buildings stands in `elsewhere` too. `codes_of` has
    all codes by their table, `numbers` all ids by theirs, `ids` those of people. `private_codes` are those of what is
    nobody else's business, `forged_tokens` tokens of links that are there, with keys that are not theirs.
    """

    marks: dict[str, str] = field(default_factory=dict)
    public_codes: list[str] = field(default_factory=list)
    hidden_codes: list[str] = field(default_factory=list)
    private_codes: list[str] = field(default_factory=list)
    codes_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    forged_tokens: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    home: Any = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def word(self, what: str) -> str:
        """A new word for something that is not public."""
        mark = f"zqx{next(self._numbers):03}zqx"
        self.marks[mark] = what
        return mark

    def number(self, what: str) -> int:
        """A new number for something that is not public."""
        mark = 7_390_000 + next(self._numbers)
        self.marks[str(mark)] = self.marks[f"{mark:,}"] = what
        return mark

    def keep(self, row: Any) -> Any:
        """Fill the columns of a public row that are not public, and remember its code."""
        table = row.__table__
        for column in table.columns:
            if not (column.primary_key or column.foreign_keys or column.name.endswith("_id")) and _is_hidden(column):
                value = self._value(column, f"{table.name}.{column.name}")
                if value is not None:
                    setattr(row, column.name, value)
        if "code" in table.columns:
            self.public_codes.append(_code_of(row))
            self._sort(row)
        return row

    def fill(self, row: Any) -> Any:
        """Give every text of a row that nobody may see in public a mark, unless it is filled in; remember its code."""
        table = row.__table__
        for column in table.columns:
            if getattr(row, column.name) is None and not (column.foreign_keys or column.server_default):
                if column.name == "code":
                    self.marks[_code_of(row)] = f"{table.name}.code"
                    self.private_codes.append(_code_of(row))
                    self._sort(row)
                elif isinstance(column.type, String | Text) and not column.primary_key:
                    setattr(row, column.name, self.word(f"{table.name}.{column.name}"))
        return row

    def hide(self, row: Any, why: str) -> Any:
        """Give every text of a row that is hidden as a whole a mark, and remember its code."""
        for column in row.__table__.columns:
            if column.name in ("name", "name_en", "address", "address_en", "label", "title", "attribution", "licence"):
                setattr(row, column.name, self.word(f"{row.__table__.name}.{column.name} of a row that is {why}"))
            if column.name in ("search_text", "aliases"):
                word = self.word(f"{row.__table__.name}.{column.name} of a row that is {why}")
                setattr(row, column.name, [word] if column.name == "aliases" else word)
        if "code" in row.__table__.columns:
            self.hidden_codes.append(_code_of(row))
            self._sort(row)
        if self._is_elsewhere(row):
            self.elsewhere |= {mark for mark in self.marks if mark in map(str, vars(row).values())}
        return row

    def _is_elsewhere(self, row: Any) -> bool:
        building_id = row.id if isinstance(row, Building) else getattr(row, "building_id", None)
        return building_id is not None and self.home is not None and building_id != self.home.id

    def _sort(self, row: Any) -> None:
        self.codes_of[row.__table__.name].append(_code_of(row))

    def _value(self, column: Any, what: str) -> Any:
        if column.name in _FIXED:
            return None
        if isinstance(column.type, JSONB):
            return {"note": self.word(what)}
        if isinstance(column.type, String | Text):
            return self.word(what)
        if isinstance(column.type, Integer):
            return self.number(what)
        if isinstance(column.type, Numeric):
            return Decimal(self.number(what))
        return date(YEAR, 5, 17) if isinstance(column.type, Date) else None


def _code_of(row: Any) -> str:
    """The code of a row; given to it now, when it has not been flushed."""
    row.code = row.code or new_code()
    return str(row.code)


def _is_hidden(column: Any) -> bool:
    try:
        return not may_see(f"{column.table.name}.{column.name}", Audience.PUBLIC)
    except UnknownFieldError:
        return True
