"""Reads the workbook of a return back, and says which cells are not understood.

Managers send these files straight to the web process. What a file may hold is therefore little, and of its parts only
the cells are opened: styles, merged ranges, links and drawings of a few kilobytes can keep a reader busy for hours.
"""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from geo.errors import UnreadableFileError
from geo.importers.readers_workbook import BROKEN
from geo.model import Building
from geo.packed import check_parts
from geo.returns.said import STATES, Said, UnreadableReportError, from_texts, read_day, state_of
from geo.returns.standing import UnitNow
from geo.taxonomy import occupancies, rent_units
from geo.text import fold
from webmap.vacancy.sending import UnitSent
from webmap.words import word

MOST_BYTES = 400_000
MOST_CELLS_BYTES = 6_000_000
MOST_OTHER_BYTES = 200_000
"""What cells and texts, and what the lists of parts unpack to at most."""

MOST_ROWS = 5000
MOST_VERSION = 1 << 62
HEAD_ROW = 4
COLUMNS = (
    *("floor", "label", "state", "offered", "rent_amount", "rent_unit", "available_on", "tenant", "area_m2", "since"),
)
HIDDEN = ("unit", "seen", "was")
DAYS = frozenset({"available_on", "since"})

Row = tuple[Any, ...]

_SAID = COLUMNS[2:]
_WIDTH = len(COLUMNS) + len(HIDDEN)
_CODE = len(COLUMNS)
_BUILDING = len(COLUMNS) + 1
_SHOWN_LENGTH = 40
_CELLS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_LISTS = re.compile(r"\[Content_Types\]\.xml|(?:xl/)?_rels/(?:workbook\.xml)?\.rels|xl/workbook\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that is not understood: its name ("D17"), what stands there and what to write instead."""

    cell: str
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What a workbook says, the cells that are not understood, and all its cells."""

    units: Sequence[UnitSent]
    wrong: Sequence[WrongCell]
    rows: Sequence[Row]


def read(data: bytes, building: Building, units: Sequence[UnitNow], today: date) -> ReadWorkbook:
    """What an uploaded workbook says of the units of a building.

    Raises
    ------
    UnreadableFileError
        It is no workbook, too large, or that of another building.
    """
    rows = _rows(data)
    if not rows or str(rows[0][_BUILDING] or "") != building.code:
        raise UnreadableFileError("This is not the workbook of this building; download its own and fill that in.")
    by_code = {unit.code: unit for unit in units}
    found, wrong = [], []
    for number, row in enumerate(rows[HEAD_ROW:], HEAD_ROW + 1):
        sent, bad = _read_row(number, row, by_code, today)
        found += [sent] if sent else []
        wrong += bad
    wrong += _said_twice(found, rows)
    return ReadWorkbook(found, wrong, rows)


def _rows(data: bytes) -> list[Row]:
    """The cells of the first sheet."""
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(f"The workbook is over {MOST_BYTES // 1000} kB; download it anew and fill that in.")
    try:
        book = load_workbook(_cells_alone(data), read_only=True, data_only=True, keep_links=False)
        sheet = next((each for each in book.worksheets if isinstance(each, ReadOnlyWorksheet)), None)
        return _with_days(book, sheet) if sheet is not None else []
    except BROKEN as error:
        raise UnreadableFileError(f"This is no readable .xlsx workbook ({str(error)[:200]}).") from None


def _cells_alone(data: bytes) -> BytesIO:
    """The same workbook without its styles, drawings and whatever else takes long to read."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(kept, "w") as copy:
        for wanted, most in ((_LISTS, MOST_OTHER_BYTES), (_CELLS, MOST_CELLS_BYTES)):
            parts = [part for part in archive.infolist() if wanted.fullmatch(part.filename)]
            check_parts("The workbook", parts, most)
            for part in parts:
                copy.writestr(part.filename, archive.read(part))
    kept.seek(0)
    return kept


def _with_days(book: Workbook, sheet: ReadOnlyWorksheet) -> list[Row]:
    """The rows of a sheet; without styles days come as numbers."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=HEAD_ROW + MOST_ROWS, max_col=_WIDTH, values_only=True)
    days = {COLUMNS.index(name) for name in DAYS}
    made = [tuple(_day(book, cell) if place in days else cell for place, cell in enumerate(row)) for row in rows]
    while made and not any(made[-1]):
        made.pop()
    return made


def _day(book: Workbook, cell: Any) -> Any:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    try:
        return from_excel(cell, book.epoch)
    except (ValueError, ArithmeticError):
        return cell


def _read_row(
    number: int, row: Row, units: dict[str, UnitNow], today: date
) -> tuple[UnitSent | None, list[WrongCell]]:
    code, seen, kept = row[_CODE:]
    if code is None and not any(row[:_CODE]):
        return None, []
    unit = units.get(str(code or ""))
    if unit is None:
        remedy = gettext("这一行不是本楼的单元，请勿新增行；新单元请告诉工作人员。")
        return None, [WrongCell(f"B{number}", _short(row[1]), remedy)]
    texts, wrong = {}, []
    for name in _SAID:
        try:
            texts[name] = _text(name, row[COLUMNS.index(name)])
        except UnreadableReportError as error:
            wrong.append(_wrong(name, number, error))
    if wrong:
        return None, wrong
    was = _shown(str(kept or ""))
    try:
        said, since = from_texts(texts), read_day("since", texts["since"])
        if since and since > today:
            raise UnreadableReportError("since", since.isoformat(), gettext("不能晚于今天"))
    except UnreadableReportError as error:
        return None, [_wrong(error.field, number, error)]
    said = said if said.area_m2 is not None else replace(said, area_m2=was.area_m2)
    return (None if said == was else UnitSent(unit.code, was, said, _version(seen), since)), []


def _version(cell: Any) -> int | None:
    number = isinstance(cell, int | float) and not isinstance(cell, bool) and -MOST_VERSION < cell < MOST_VERSION
    return int(cell) if number else None


def _shown(kept: str) -> Said:
    """What the row was written with; nothing where that column was lost."""
    try:
        return from_texts(json.loads(kept))
    except (ValueError, AttributeError, TypeError, RecursionError, UnreadableReportError):
        return Said()


def _text(name: str, value: Any) -> str:
    """A cell as a form would send it."""
    if value is None or value == "":
        return "unknown" if name == "state" else ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    plain = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if name == "state":
        return _state(plain)
    if name == "offered":
        return _yes(plain)
    if name == "rent_unit":
        return _rent_unit(plain)
    return plain.replace("/", "-").replace(".", "-") if name in DAYS else plain


def _state(text: str) -> str:
    own = {fold(name): state for state in STATES for name in (state, word(state, "return_state"))}
    listed = {
        fold(name): state_of(each.occupancy, each.contract)
        for each in occupancies()
        for name in (each.name, each.name_en, *each.aliases)
    }
    found = own.get(fold(text)) or listed.get(fold(text))
    if found is None:
        allowed = "、".join(word(state, "return_state") for state in STATES)
        raise UnreadableReportError("state", text, gettext("请从下拉里选：%(allowed)s", allowed=allowed))
    return found


def _yes(text: str) -> str:
    if fold(text) in ("是", "yes", "y", "1", "true", "招商", fold(gettext("是"))):
        return "1"
    if fold(text) in ("否", "no", "n", "0", "false", "无", fold(gettext("否"))):
        return ""
    raise UnreadableReportError("offered", text, gettext("请填是或否"))


def _rent_unit(text: str) -> str:
    known = {fold(name): unit.code for unit in rent_units() for name in (unit.code, unit.name, unit.name_en)}
    if fold(text) not in known:
        allowed = "、".join(word(unit.code, "rent_unit") for unit in rent_units())
        raise UnreadableReportError("rent_unit", text, gettext("请从下拉里选：%(allowed)s", allowed=allowed))
    return known[fold(text)]


def _wrong(name: str, row: int, error: UnreadableReportError) -> WrongCell:
    remedies = {
        "rent_amount": gettext("请填大于 0 的数字，如 4.5"),
        "area_m2": gettext("请填大于 0 的数字，如 148.5"),
        "available_on": gettext("请填日期，如 2026-12-01"),
        "since": gettext("请填日期，如 2026-11-16，且不晚于今天"),
        "tenant": gettext("最多 200 字"),
    }
    said = str(error).partition(": ")[2]
    cell = f"{get_column_letter(COLUMNS.index(name) + 1)}{row}"
    return WrongCell(cell, _short(error.value), remedies.get(name, said))


def _said_twice(found: Sequence[UnitSent], rows: Sequence[Row]) -> Iterator[WrongCell]:
    times = Counter(each.code for each in found)
    for number, row in enumerate(rows[HEAD_ROW:], HEAD_ROW + 1):
        if times[str(row[_CODE] or "")] > 1:
            yield WrongCell(f"B{number}", _short(row[1]), gettext("这个单元出现了两次，请只留一行。"))


def _short(cell: Any) -> str:
    return str("" if cell is None else cell)[:_SHOWN_LENGTH]
