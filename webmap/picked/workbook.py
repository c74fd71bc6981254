"""A shortlist as a workbook: units with figures to sort and sum, and a sheet with sources and how costs are counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.costs import DEPOSIT
from webmap.locale import address
from webmap.names import attribution, web_link
from webmap.numbers import day_of
from webmap.picked import wording
from webmap.picked.filling import Entry, Found, Shortlist
from webmap.words import word

METRES, AREA, MONEY, RENT, DAY = "#,##0", "#,##0.##", "#,##0", "0.00", "yyyy-mm-dd"
_HEAD, _LINK = Font(bold=True, color="FFFFFF"), Font(color="14508F", underline="single")
_HEAD_FILL, _GONE = PatternFill("solid", fgColor="14508F"), Font(color="7A4B00", italic=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
HEAD_ROW = 3
"""Above it stand the title and the address of the list."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what stands in it for a unit, how numbers are written, how many characters wide."""

    heading: str
    value: Callable[[Found], Any]
    width: int
    form: str | None = None


def write(made: Shortlist, site: str, list_address: str, title: str = "") -> bytes:
    """The workbook in the language of the request; `site` is the address of the site, for links, `title` its name."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = gettext("清单")
    _title(sheet, made, list_address, title or gettext("选房清单"))
    columns = _columns(made)
    _headings(sheet, [gettext("序号"), gettext("名称"), *(column.heading for column in columns), gettext("备注")])
    for entry in made.entries:
        _line(sheet, HEAD_ROW + entry.number, entry, columns, site)
    _widths(sheet, [6, 30, *(column.width for column in columns), 40])
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    last = get_column_letter(len(columns) + 3)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(made.entries)}"
    _for_printing(sheet)
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


def _headings(sheet: Worksheet, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts, 1):
        cell = sheet.cell(HEAD_ROW, place)
        put(cell, text)
        cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _WRAP


def _columns(made: Shortlist) -> list[Column]:
    return [*_of_units(), *_of_costs(), *_of_ways(made), *_of_truth()]


def _of_units() -> list[Column]:
    return [
        Column(gettext("状态"), wording.status, 14),
        Column(gettext("面积 (m²)"), lambda each: each.unit.area_m2, 11, AREA),
        Column(gettext("面积口径"), lambda each: word(each.unit.area_basis, "area_basis"), 12),
        Column(gettext("可分割自 (m²)"), lambda each: each.unit.min_area_m2, 12, AREA),
        Column(gettext("楼层"), lambda each: each.floor.label if each.floor else None, 8),
        Column(gettext("总层数"), lambda each: each.building.floors_above, 8, METRES),
        Column(gettext("租金（报价）"), wording.rent, 26),
        Column(gettext("租金 (元/m²·天)"), _daily, 13, RENT),
        Column(gettext("装修"), lambda each: word(each.unit.fitout, "fitout"), 12),
        Column(gettext("可租时间"), wording.available, 13),
        Column(gettext("等级"), lambda each: word(each.building.grade, "grade", each.building.grade_scheme), 9),
        Column(gettext("建成"), lambda each: each.building.completed_year, 8, "0"),
        Column(gettext("地址"), lambda each: wording.address_of(each.building), 28),
    ]


def _of_costs() -> list[Column]:
    return [
        Column(gettext("每月（写明的部分，元）"), _cost(lambda cost: cost.month_cny), 15, MONEY),
        Column(gettext("三年平均每月（元）"), _cost(lambda cost: cost.average_month_cny), 15, MONEY),
        Column(gettext("三年合计（元）"), _cost(lambda cost: cost.total_cny), 15, MONEY),
        Column(gettext("押金（元）"), _cost(_deposit), 13, MONEY),
        Column(gettext("免租（月）"), lambda each: each.rent_free_months, 9, "0"),
        Column(gettext("物业费 (元/m²·月)"), lambda each: each.building.property_fee_cny_m2_month, 13, RENT),
        Column(gettext("未注明、没有计入"), _cost(lambda cost: gettext("、").join(wording.unknown(cost))), 28),
    ]


def _of_ways(made: Shortlist) -> list[Column]:
    """Two columns for each amenity that is near any of the units: its metres, and how they were measured."""
    there = {category for entry in made.found if entry.found for category in entry.found.nearest}
    columns = []
    for category in (each for each in wording.WAYS if each in there):
        name = word(category, "amenity")
        columns.append(Column(gettext("%(what)s (m)", what=name), _metres(category), 11, METRES))
        columns.append(Column(gettext("%(what)s，量法", what=name), _method(category), 16))
    return columns


def _of_truth() -> list[Column]:
    return [
        Column(gettext("来源"), lambda each: str(attribution(each.source)) if each.source else None, 26),
        Column(gettext("报送日期"), lambda each: each.unit.reported_on, 12, DAY),
        Column(gettext("录入日期"), lambda each: day_of(each.unit.recorded_at), 13),
        Column(gettext("核实日期"), lambda each: each.unit.verified_on, 12, DAY),
    ]


def _line(sheet: Worksheet, row: int, entry: Entry, columns: Sequence[Column], site: str) -> None:
    put(sheet.cell(row, 1), entry.number)
    name = sheet.cell(row, 2)
    if entry.found is None:
        put(name, gettext("%(code)s，已不在册", code=entry.code))
        name.font = _GONE
    else:
        put(name, wording.title_of(entry))
        name.hyperlink = f"{site}{address(f'/u/{entry.code}')}"
        name.font = _LINK
        for place, column in enumerate(columns, 3):
            _fill(sheet.cell(row, place), column, entry.found)
    note = sheet.cell(row, len(columns) + 3)
    put(note, entry.note or None)
    note.alignment = name.alignment = _WRAP


def _fill(cell: Cell, column: Column, found: Found) -> None:
    value = column.value(found)
    put(cell, value if value != "" else None)
    cell.alignment = Alignment(vertical="top")
    if column.form and value is not None:
        cell.number_format = column.form


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _for_printing(sheet: Worksheet) -> None:
    """One page wide, across, with the headings on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _sources(sheet: Worksheet, made: Shortlist) -> None:
    headings = (gettext("来源"), gettext("日期"), gettext("许可"), gettext("网址"))
    for place, text in enumerate(headings, 1):
        put(sheet.cell(1, place), text)
        sheet.cell(1, place).font, sheet.cell(1, place).fill = _HEAD, _HEAD_FILL
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


def _daily(found: Found) -> float | None:
    if not found.on_market or found.unit.rent_cny_m2_day is None:
        return None
    return round(float(found.unit.rent_cny_m2_day), 2)


def _cost(ask: Callable[[Any], Any]) -> Callable[[Found], Any]:
    return lambda found: ask(found.cost) if found.cost else None


def _deposit(cost: Any) -> Decimal | None:
    return next((line.once_cny for line in cost.lines if line.name == DEPOSIT), None)


def _metres(category: str) -> Callable[[Found], Any]:
    return lambda found: round(found.nearest[category].metres) if category in found.nearest else None


def _method(category: str) -> Callable[[Found], Any]:
    return lambda found: word(found.nearest[category].method, "method") if category in found.nearest else None
