"""The return of a building as a workbook: written with what is held now, read back, wrong cells marked where they are.

Hidden columns carry what every row was written with, so that a row nobody touched says nothing, and a unit that
somebody else has changed since is noticed.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import UnreadableFileError
from geo.importers.packed import DAMAGED, check_parts
from geo.model import Building
from geo.returns.said import STATES, Said, UnreadableReportError, from_texts, read_day, state_of
from geo.returns.standing import UnitNow
from geo.taxonomy import occupancies, rent_units
from geo.text import fold
from webmap.numbers import floor_label
from webmap.vacancy.sending import UnitSent
from webmap.words import word

MOST_BYTES = 400_000
MOST_UNPACKED_BYTES = 20_000_000
MOST_ROWS = 5000
HEAD_ROW = 4
COLUMNS = (
    *("floor", "label", "state", "offered", "rent_amount", "rent_unit", "available_on", "tenant", "area_m2", "since"),
)
_HIDDEN = ("unit", "seen", "was")
_WIDTHS = (8, 12, 14, 10, 10, 14, 14, 30, 12, 14, 4, 4, 4)
_SAID = COLUMNS[2:]
_DAYS = frozenset({"available_on", "since"})
_HEAD = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="14508F")}
_WRONG = PatternFill("solid", fgColor="FBE0DC")


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that is not understood: its name ("D17"), what stands there and what to write instead."""

    cell: str
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What a workbook says; where cells are wrong, `marked` is the same file with them coloured and commented."""

    units: Sequence[UnitSent]
    wrong: Sequence[WrongCell]
    marked: bytes | None


def write(building: Building, week: date, units: Sequence[UnitNow], name: str) -> bytes:
    """The workbook of a building in the language of the request."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = gettext("空置周报")
    _put(sheet, 1, 1, gettext("空置周报：%(name)s，%(week)s 起的一周", name=name, week=week.isoformat()))
    sheet["A1"].font = Font(bold=True, size=14)
    _put(sheet, 2, 1, gettext("只改有变化的行，存盘后上传。灰色各列请勿改动。"))
    sheet["L1"], sheet["M1"] = building.code, week.isoformat()
    for place, heading in enumerate((*_headings(), *_HIDDEN), 1):
        cell = sheet.cell(HEAD_ROW, place, heading)
        cell.font, cell.fill, cell.alignment = _HEAD["font"], _HEAD["fill"], Alignment(wrap_text=True, vertical="top")
    for row, unit in enumerate(units, HEAD_ROW + 1):
        _write_unit(sheet, row, unit)
    _shape(sheet, len(units))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def read(data: bytes, building: Building, units: Sequence[UnitNow], today: date) -> ReadWorkbook:
    """What an uploaded workbook says of the units of a building.

    Raises
    ------
    UnreadableFileError
        It is no workbook, too large, or that of another building.
    """
    book = _opened(data)
    sheet = book.worksheets[0]
    if str(sheet["L1"].value or "") != building.code:
        raise UnreadableFileError("This is not the workbook of this building; download its own and fill that in.")
    by_code = {unit.code: unit for unit in units}
    found, wrong = [], []
    for row in range(HEAD_ROW + 1, min(sheet.max_row, HEAD_ROW + MOST_ROWS) + 1):
        sent, bad = _read_row(sheet, row, by_code, today)
        found += [sent] if sent else []
        wrong += bad
    wrong += _said_twice(found, sheet)
    return ReadWorkbook(found, wrong, _marked(book, sheet, wrong) if wrong else None)


def _headings() -> list[str]:
    return [
        *(gettext("楼层"), gettext("单元"), gettext("状态"), gettext("对外招商"), gettext("租金"), gettext("租金单位")),
        *(gettext("几时可租"), gettext("租户"), gettext("面积 (m²)"), gettext("从哪天起")),
    ]


def _write_unit(sheet: Worksheet, row: int, unit: UnitNow) -> None:
    said = unit.said
    shown = {
        "floor": floor_label(unit.floor) if unit.floor else "",
        "label": unit.label,
        "state": word(said.state, "return_state"),
        "offered": gettext("是") if said.offered else gettext("否"),
        "rent_amount": said.rent_amount,
        "rent_unit": word(said.rent_unit, "rent_unit") or None,
        "available_on": said.available_on,
        "tenant": said.tenant,
        "area_m2": said.area_m2,
        "since": None,
    }
    hidden = (unit.code, unit.seen, json.dumps(said.as_json(), ensure_ascii=False))
    for place, value in enumerate((*shown.values(), *hidden), 1):
        _put(sheet, row, place, value)
    for place in (1, 2):
        sheet.cell(row, place).fill = PatternFill("solid", fgColor="EEF0EC")
    for name in _DAYS:
        sheet.cell(row, COLUMNS.index(name) + 1).number_format = "yyyy-mm-dd"


def _put(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    """Set a value; a text stays a text, also one that a spreadsheet would take for a formula."""
    cell = sheet.cell(row, place)
    cell.value = value
    cell.protection = Protection(locked=False)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))


def _shape(sheet: Worksheet, rows: int) -> None:
    last = HEAD_ROW + max(rows, 1)
    choices = {
        "state": [word(state, "return_state") for state in STATES],
        "offered": [gettext("是"), gettext("否")],
        "rent_unit": [word(unit.code, "rent_unit") for unit in rent_units()],
    }
    for name, allowed in choices.items():
        listed = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
        letter = get_column_letter(COLUMNS.index(name) + 1)
        listed.add(f"{letter}{HEAD_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(listed)
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for place in range(len(COLUMNS) + 1, len(COLUMNS) + len(_HIDDEN) + 1):
        sheet.column_dimensions[get_column_letter(place)].hidden = True
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)


def _opened(data: bytes) -> Workbook:
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(f"The workbook is over {MOST_BYTES // 1000} kB; download it anew and fill that in.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_parts("The workbook", archive.infolist(), MOST_UNPACKED_BYTES)
        return load_workbook(BytesIO(data), data_only=True)
    except (*DAMAGED, KeyError, ValueError, TypeError, ParseError, OSError) as error:
        raise UnreadableFileError(f"This is no readable .xlsx workbook ({error}).") from None


def _read_row(
    sheet: Worksheet, row: int, units: dict[str, UnitNow], today: date
) -> tuple[UnitSent | None, list[WrongCell]]:
    code, seen, kept = (sheet.cell(row, len(COLUMNS) + place).value for place in (1, 2, 3))
    if code is None and not any(sheet.cell(row, place).value for place in range(1, len(COLUMNS) + 1)):
        return None, []
    unit = units.get(str(code or ""))
    if unit is None:
        label = str(sheet.cell(row, 2).value or "")
        return None, [WrongCell(f"B{row}", label, gettext("这一行不是本楼的单元，请勿新增行；新单元请告诉工作人员。"))]
    texts, wrong = {}, []
    for name in _SAID:
        try:
            texts[name] = _text(name, sheet.cell(row, COLUMNS.index(name) + 1).value)
        except UnreadableReportError as error:
            wrong.append(_wrong(name, row, error))
    if wrong:
        return None, wrong
    was = _shown(str(kept or ""))
    try:
        said, since = from_texts(texts), read_day("since", texts["since"])
        if since and since > today:
            raise UnreadableReportError("since", since.isoformat(), gettext("不能晚于今天"))
    except UnreadableReportError as error:
        return None, [_wrong(error.field, row, error)]
    said = said if said.area_m2 is not None else replace(said, area_m2=was.area_m2)
    version = int(seen) if isinstance(seen, int | float) else None
    return (None if said == was else UnitSent(unit.code, was, said, version, since)), []


def _shown(kept: str) -> Said:
    """What the row was written with; nothing where that column was lost."""
    try:
        return from_texts(json.loads(kept))
    except (ValueError, AttributeError, UnreadableReportError):
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
    return plain.replace("/", "-").replace(".", "-") if name in _DAYS else plain


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
    return WrongCell(f"{get_column_letter(COLUMNS.index(name) + 1)}{row}", error.value, remedies.get(name, said))


def _said_twice(found: Sequence[UnitSent], sheet: Worksheet) -> Iterator[WrongCell]:
    codes = [each.code for each in found]
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        code = str(sheet.cell(row, len(COLUMNS) + 1).value or "")
        if codes.count(code) > 1:
            yield WrongCell(f"B{row}", str(sheet.cell(row, 2).value or ""), gettext("这个单元出现了两次，请只留一行。"))


def _marked(book: Workbook, sheet: Worksheet, wrong: Sequence[WrongCell]) -> bytes:
    for each in wrong:
        sheet[each.cell].fill = _WRONG
        sheet[each.cell].comment = Comment(each.remedy, "LouMap", width=260, height=90)
    written = BytesIO()
    book.save(written)
    return written.getvalue()
