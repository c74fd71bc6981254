"""The workbook that offices fill in: a sheet with the headings, and a dictionary of what may stand in its cells."""

from collections.abc import Sequence
from io import BytesIO

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.figures import AXES, counting_words, figure_kinds
from webmap.figures.target_kinds import target_kinds

HEADINGS = {
    "figures": (
        *("指标", "企业", "统一社会信用代码", "楼宇", "区域", "期间", "数值", "单位", "级次", "入库或申报"),
        *("一次性税收", "归属", "户数", "最大一户占比", "备注"),
    ),
    "targets": ("区域", "指标", "年份", "级次", "要求", "数值", "单位", "备注"),
}
ROWS = 1000
"""Rows that have lists to choose from, and take what is typed as text."""

_HEAD = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="14508F")}
_TEXT = ("期间", "年份", "统一社会信用代码")


def write_template(kind: str) -> bytes:
    """The workbook for figures or targets, headings in Chinese as files of offices have them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "指标" if kind == "figures" else "目标"
    headings = HEADINGS[kind]
    _put(sheet, 1, headings)
    for place, heading in enumerate(headings, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 24 if heading in ("企业", "楼宇", "区域", "指标", "备注") else 14
        if heading in _TEXT:
            for row in range(2, ROWS + 2):
                sheet.cell(row, place).number_format = "@"
        if allowed := _allowed(kind, heading):
            listed = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
            listed.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(listed)
    sheet.freeze_panes = "A2"
    _dictionary(book.create_sheet("字典"), kind)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _allowed(kind: str, heading: str) -> list[str]:
    axis = dict(zip(("级次", "入库或申报", "一次性税收", "归属"), AXES, strict=True)).get(heading)
    if axis:
        return [word.name for word in counting_words(axis)]
    if heading == "指标" and kind == "figures":
        return [word.name for word in figure_kinds()]
    return {"单位": ["元", "万元", "亿元"], "要求": ["不低于", "不高于"]}.get(heading, [])


def _dictionary(sheet: Worksheet, kind: str) -> None:
    """What every column means, and which indicators there are."""
    _put(sheet, 1, (gettext("列"), gettext("填什么")))
    told = _columns_of_figures() if kind == "figures" else _columns_of_targets()
    for row, line in enumerate(told, 2):
        _put(sheet, row, line)
    start = len(told) + 3
    _put(sheet, start, (gettext("指标"), gettext("单位"), gettext("按什么填写")))
    for cell in sheet[start]:
        cell.font, cell.fill = _HEAD["font"], _HEAD["fill"]
    words = {"area": gettext("区域"), "building": gettext("楼宇"), "enterprise": gettext("企业")}
    units = {"cny": gettext("元、万元或亿元"), "share": gettext("百分比，如 85.5%"), "people": gettext("人")}
    if kind == "figures":
        rows = [
            (k.name, units.get(k.unit, gettext("个")), "、".join(words[p] for p in k.places)) for k in figure_kinds()
        ]
    else:
        rows = [(k.name, units.get(k.unit, k.unit), words["area"]) for k in target_kinds()]
    for row, values in enumerate(rows, start + 1):
        _put(sheet, row, values)
    for letter, width in zip("ABC", (24, 70, 24), strict=True):
        sheet.column_dimensions[letter].width = width


def _columns_of_figures() -> list[tuple[str, str]]:
    return [
        ("指标", gettext("必填，见下表。")),
        ("企业、统一社会信用代码", gettext("按企业填写时写其一；有信用代码时以代码为准。")),
        ("楼宇、区域", gettext("没有企业明细时，写楼宇或区域的全名或编号。")),
        ("期间", gettext("必填：2025、2025年一季度、2025年上半年、2025-03、2025年1-9月。未结束的期间不收。")),
        ("数值、单位", gettext("必填；金额不写单位就按元，也可把单位写在列名里，如“数值(万元)”。")),
        ("级次、入库或申报、一次性税收、归属", gettext("仅税收和营收；空着按全口径、入库、不含一次性税收、注册地。")),
        ("户数、最大一户占比", gettext("只有合计时填写；缺一项就不能对外公布。")),
        ("备注", gettext("更正时请写原因；原来的数值会保留。")),
    ]


def _columns_of_targets() -> list[tuple[str, str]]:
    return [
        ("区域、指标", gettext("必填。")),
        ("年份", gettext("四位数字；规划没有写年份就空着。")),
        ("级次", gettext("仅税收目标。")),
        ("要求", gettext("不低于或不高于；空着按不低于。")),
        ("数值、单位", gettext("必填；比例写成 85.5%。")),
    ]


def _put(sheet: Worksheet, row: int, values: Sequence[str]) -> None:
    for place, value in enumerate(values, 1):
        cell = sheet.cell(row, place, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if row == 1:
            cell.font, cell.fill = _HEAD["font"], _HEAD["fill"]
