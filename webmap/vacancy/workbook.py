"""The return of a building as a workbook: written with what is held now, or as it came with its wrong cells marked.

Hidden columns carry what every row was written with, so that a row nobody touched says nothing, and a unit that
somebody else has changed since is noticed; `workbook_reading.py` reads it back.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.model import Building
from geo.returns.said import STATES
from geo.returns.standing import UnitNow
from geo.taxonomy import rent_units
from webmap.numbers import floor_label
from webmap.vacancy.workbook_reading import COLUMNS, DAYS, HEAD_ROW, HIDDEN, Row, WrongCell
from webmap.words import word

_WIDTHS = (8, 12, 14, 10, 10, 14, 14, 30, 12, 14, 4, 4, 4)
_HEAD = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="14508F")}
_GREY = PatternFill("solid", fgColor="EEF0EC")
_WRONG = PatternFill("solid", fgColor="FBE0DC")


def write(building: Building, week: date, units: Sequence[UnitNow], name: str) -> bytes:
    """The workbook of a building in the language of the request."""
    book = Workbook()
    sheet = book.worksheets[0]
    _put(sheet, 1, 1, gettext("空置周报：%(name)s，%(week)s 起的一周", name=name, week=week.isoformat()))
    _put(sheet, 2, 1, gettext("只改有变化的行，存盘后上传。灰色各列请勿改动。"))
    sheet["L1"], sheet["M1"] = building.code, week.isoformat()
    for place, heading in enumerate((*_headings(), *HIDDEN), 1):
        _put(sheet, HEAD_ROW, place, heading)
    _put_rows(sheet, enumerate(map(_row_of, units), HEAD_ROW + 1))
    _style(sheet, len(units))
    return _saved(book)


def marked(rows: Sequence[Row], wrong: Sequence[WrongCell]) -> bytes:
    """The cells of a workbook that came, where they stood, the wrong ones coloured and with what to write instead.

    It is laid out anew, so that nothing else of the file that came is opened or sent back.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    _put_rows(sheet, enumerate(rows, 1))
    _style(sheet, len(rows) - HEAD_ROW)
    for each in wrong:
        sheet[each.cell].fill = _WRONG
        sheet[each.cell].comment = Comment(each.remedy, "LouMap", width=260, height=90)
    return _saved(book)


def _put_rows(sheet: Worksheet, rows: Iterable[tuple[int, Row]]) -> None:
    for number, row in rows:
        for place, value in enumerate(row, 1):
            if value is not None:
                _put(sheet, number, place, value)


def _saved(book: Workbook) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _headings() -> list[str]:
    return [
        *(gettext("楼层"), gettext("单元"), gettext("状态"), gettext("对外招商"), gettext("租金"), gettext("租金单位")),
        *(gettext("几时可租"), gettext("租户"), gettext("面积 (m²)"), gettext("从哪天起")),
    ]


def _row_of(unit: UnitNow) -> Row:
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
    return (*shown.values(), *hidden)


def _put(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    """Set a value; a text stays a text, also one that a spreadsheet would take for a formula."""
    cell = sheet.cell(row, place)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    cell.protection = Protection(locked=False)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))


def _style(sheet: Worksheet, rows: int) -> None:
    """Widths, colours and the choices of lists for so many rows of units."""
    sheet.title = gettext("空置周报")
    sheet["A1"].font = Font(bold=True, size=14)
    for place in range(1, len(COLUMNS) + len(HIDDEN) + 1):
        cell = sheet.cell(HEAD_ROW, place)
        cell.font, cell.fill, cell.alignment = _HEAD["font"], _HEAD["fill"], Alignment(wrap_text=True, vertical="top")
    last = HEAD_ROW + max(rows, 1)
    for row in range(HEAD_ROW + 1, last + 1):
        for place in (1, 2):
            sheet.cell(row, place).fill = _GREY
        for name in DAYS:
            sheet.cell(row, COLUMNS.index(name) + 1).number_format = "yyyy-mm-dd"
    _offer_choices(sheet, last)
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.column_dimensions[get_column_letter(place)].hidden = place > len(COLUMNS)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)


def _offer_choices(sheet: Worksheet, last: int) -> None:
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
