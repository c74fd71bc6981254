"""A list as a workbook: figures to sort and sum, what is to let in its buildings, sources and how costs are counted."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from webmap.locale import address
from webmap.names import attribution, web_link
from webmap.numbers import floor_label
from webmap.picked import wording
from webmap.picked.columns import AREA, DAY, Column, columns_of
from webmap.picked.filling import Entry, Shortlist

_HEAD, _LINK = Font(bold=True, color="FFFFFF"), Font(color="14508F", underline="single")
_HEAD_FILL, _GONE = PatternFill("solid", fgColor="14508F"), Font(color="7A4B00", italic=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
HEAD_ROW = 3
"""Above it stand the title and the address of the list."""


def write(made: Shortlist, site: str, list_address: str, title: str = "", more: Sequence[Column] = ()) -> bytes:
    """The workbook in the language of the request.

    `site` is the address of the site, for links, `title` what the list is called, `more` what else is told of each.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = gettext("清单")
    _title(sheet, made, list_address, title or gettext("选房清单"))
    columns = [*more, *columns_of(made)]
    _headings(sheet, [gettext("序号"), gettext("名称"), *(column.heading for column in columns), gettext("备注")])
    for entry in made.entries:
        _line(sheet, HEAD_ROW + entry.number, entry, columns, site)
    _widths(sheet, [6, 30, *(column.width for column in columns), 40])
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    last = get_column_letter(len(columns) + 3)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(made.entries)}"
    _for_printing(sheet)
    if any(entry.house and entry.house.free for entry in made.entries):
        _free_units(book.create_sheet(gettext("楼宇的可租单元")), made, site)
    _sources(book.create_sheet(gettext("来源和算法")), made)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def put(cell: Cell, value: Any) -> None:
    """Set a value; a text stays a text, also one that a spreadsheet would take for a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))


def _title(sheet: Worksheet, made: Shortlist, list_address: str, title: str) -> None:
    put(sheet["A1"], gettext("%(title)s，%(day)s", title=title, day=made.today.isoformat()))
    sheet["A1"].font = Font(bold=True, size=14)
    put(sheet["A2"], list_address)
    if len(list_address) < 2000:  # more than a spreadsheet takes for a link
        sheet["A2"].hyperlink = list_address
        sheet["A2"].font = _LINK


def _headings(sheet: Worksheet, texts: Sequence[str], row: int = HEAD_ROW) -> None:
    for place, text in enumerate(texts, 1):
        cell = sheet.cell(row, place)
        put(cell, text)
        cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _WRAP


def _line(sheet: Worksheet, row: int, entry: Entry, columns: Sequence[Column], site: str) -> None:
    put(sheet.cell(row, 1), entry.number)
    name = sheet.cell(row, 2)
    if entry.thing is None:
        put(name, gettext("%(code)s，已不在册", code=entry.code))
        name.font = _GONE
    else:
        put(name, wording.title_of(entry))
        name.hyperlink = f"{site}{address(entry.path)}"
        name.font = _LINK
        for place, column in enumerate(columns, 3):
            _fill(sheet.cell(row, place), column, column.of(entry))
    note = sheet.cell(row, len(columns) + 3)
    put(note, entry.note or None)
    note.alignment = name.alignment = _WRAP


def _fill(cell: Cell, column: Column, value: Any) -> None:
    put(cell, value if value != "" else None)
    cell.alignment = Alignment(vertical="top")
    if column.form and value is not None:
        cell.number_format = column.form


def _free_units(sheet: Worksheet, made: Shortlist, site: str) -> None:
    """What is to let today in the buildings of the list, one line for each unit."""
    headings = [gettext("序号"), gettext("楼宇"), gettext("单元"), gettext("楼层"), gettext("面积 (m²)")]
    headings += [gettext("租金（报价）"), gettext("可租时间"), gettext("报送日期")]
    _headings(sheet, headings, 1)
    lines = [(entry, entry.house, unit) for entry in made.entries if entry.house for unit in entry.house.free]
    for row, (entry, house, unit) in enumerate(lines, 2):
        floor = house.floors.get(unit.floor_id)
        values = [entry.number, wording.title_of(entry), unit.label, floor_label(floor.label) if floor else None]
        values += [unit.area_m2, wording.rent_of(unit), wording.free_from(unit), unit.reported_on]
        for place, value in enumerate(values, 1):
            put(sheet.cell(row, place), value)
        sheet.cell(row, 3).hyperlink, sheet.cell(row, 3).font = f"{site}{address(f'/u/{unit.code}')}", _LINK
        sheet.cell(row, 5).number_format, sheet.cell(row, 8).number_format = AREA, DAY
    _widths(sheet, [6, 30, 14, 10, 12, 30, 13, 12])
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:H{len(lines) + 1}"
    _for_printing(sheet, 1)


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _for_printing(sheet: Worksheet, head_row: int = HEAD_ROW) -> None:
    """One page wide, across, with the headings on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head_row}:{head_row}"


def _sources(sheet: Worksheet, made: Shortlist) -> None:
    headings = (gettext("来源"), gettext("日期"), gettext("许可"), gettext("网址"))
    _headings(sheet, headings, 1)
    for row, source in enumerate(made.sources, 2):
        values = (str(attribution(source)), source.dated_on, source.licence, source.url)
        for place, value in enumerate(values, 1):
            put(sheet.cell(row, place), value)
        if web_link(source.url):
            sheet.cell(row, 4).hyperlink = source.url
        if source.dated_on:
            sheet.cell(row, 2).number_format = DAY
    for row, sentence in enumerate([*_invented(made), *wording.how_counted()], len(made.sources) + 3):
        put(sheet.cell(row, 1), sentence)
    _widths(sheet, [60, 13, 24, 50])
    sheet.freeze_panes = "A2"


def _invented(made: Shortlist) -> list[str]:
    return [gettext("示例数据：楼宇、企业和数字均为虚构。")] if any(each.invented for each in made.sources) else []
