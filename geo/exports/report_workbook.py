"""The data annex of a report as a workbook: its figures, areas, buildings and charts as numbers, and what they mean."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from geo.exports.texts import safe_cell
from geo.figures import Counted
from geo.indicators.tiers import standing
from geo.reports.blocks import Chart
from geo.reports.document import Document, Figure, Place
from geo.reports.gatherings import Gathering
from geo.reports.goals import Goal

_WIDTHS = {"A": 26, "B": 26, "C": 30}
_USUAL = 16
_SHARE, _TWO = "0.0%", "#,##0.##"


def write_annex(document: Document, number: str, fingerprint: str) -> bytes:
    """The annex; headings are Chinese and English, numbers are those that are kept, to the digit."""
    from openpyxl import Workbook  # noqa: PLC0415 - a heavy library

    book = Workbook(write_only=True)
    _sheet(book, "主要指标 Figures", _FIGURE_HEAD, _figures(document.figures))
    codes = [each.code for each in document.figures]
    units = {each.code: each.unit for each in document.figures}
    heads = [f"{each.name} {each.name_en}" for each in document.figures]
    for title, rows in (("区域 Areas", document.areas), ("楼宇 Buildings", document.buildings)):
        head = ("代码 code", "名称 name", "英文名 name_en", "级别 level", *heads)
        _sheet(book, title, head, _places(rows, codes, units), codes)
    if document.goals:
        _sheet(book, "目标 Targets", _GOAL_HEAD, map(_goal, document.goals))
    if taxed := _taxed(document):
        _sheet(book, "税收与档次 Tax", _TAX_HEAD, taxed)
    if document.gatherings:
        _sheet(book, "产业集群 Clusters", _GATHERING_HEAD, map(_gathering, document.gatherings))
    _sheet(book, "图表 Charts", _CHART_HEAD, _charts(document))
    _sheet(book, "指标说明 Dictionary", _DICTIONARY_HEAD, _dictionary(document.figures))
    _sheet(book, "关于 About", ("项目 item", "内容 value"), _about(document, number, fingerprint))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_FIGURE_HEAD = (
    *("代码 code", "指标 name", "英文 name_en", "数值 value", "单位 unit", "分子 numerator", "分母 denominator"),
    *("未知 unknown", "未知占比 unknown_share", "上期末 before", "去年同期 year_ago", "运营楼宇 buildings"),
)
_CHART_HEAD = ("图表 chart", "标签 label", "数值 value", "单位 unit")
_DICTIONARY_HEAD = (
    *("代码 code", "指标 name", "英文 name_en", "定义 definition", "英文定义 definition_en", "单位 unit"),
    *("时间口径 period", "方向 direction", "税收口径 scope", "分子 numerator", "分母 denominator", "可见 audience"),
)


_GOAL_HEAD = (
    *("区域代码 area", "区域 area_name", "英文 area_name_en", "指标代码 indicator", "指标 name", "英文 name_en"),
    *("年份 year", "要求 bound", "目标 target", "现值 value", "现值年度 of_year", "上期末 before"),
    *("去年同期 year_ago", "还差 gap", "结论 light", "单位 unit", "来源 source"),
)
_TAX_HEAD = (
    *("楼宇代码 building", "楼宇 name", "英文 name_en", "年份 year", "口径 counted", "全年税收 tax_cny", "档次 tier"),
    *("距1亿元还差 missing_cny", "每平方米税收 tax_cny_per_m2", "指标代码 indicator"),
)
_GATHERING_HEAD = (
    *("行业 industry", "一带 place", "英文 place_en", "楼宇代码 building", "楼宇数 buildings", "企业 enterprises"),
    *("全部企业 everything", "预期 expected", "区位商 quotient", "z", "q", "轮廓 outline_wkt"),
)


def _goal(each: Goal) -> list[Any]:
    values = [_number(value, each.unit) for value in (each.value, each.before, each.year_ago, each.gap)]
    place = [each.area, each.area_name, each.area_name_en, each.told or each.indicator, each.name, each.name_en]
    target = [each.year, each.bound, _number(each.target, each.unit), values[0], each.of_year]
    return [*place, *target, *values[1:], each.light, each.unit, each.source]


def _taxed(document: Document) -> list[list[Any]]:
    """The buildings whose tax the report may tell, most first: exactly for tax officers, else as published."""
    exact = document.audience == "tax"
    tax, per_m2 = ("building_tax", "tax_per_m2") if exact else ("published_tax", "published_tax_per_m2")
    year, counted = int(document.as_of[:4]) - 1, Counted().label()
    known = [(each, value) for each in document.buildings if (value := each.values.get(tax)) is not None]
    rows = sorted(known, key=lambda row: (-row[1], row[0].code))
    return [_tower(place, value, (year, counted, tax, per_m2)) for place, value in rows]


def _tower(place: Place, tax_cny: float, told: tuple[int, str, str, str]) -> list[Any]:
    year, counted, tax, per_m2 = told
    stands = standing(tax_cny)
    about = [place.code, place.name, place.name_en, year, counted, tax_cny]
    return [*about, stands.tier, stands.missing, place.values.get(per_m2), tax]


def _gathering(each: Gathering) -> list[Any]:
    place = [each.industry, each.place, each.place_en, each.building, each.buildings, each.enterprises]
    return [*place, each.everything, each.expected, each.quotient, each.z, each.q, each.outline]


def _figures(figures: Iterable[Figure]) -> Iterator[list[Any]]:
    for each in figures:
        values = [_number(value, each.unit) for value in (each.value, each.before, each.year_ago)]
        base = [each.over, each.under, each.unknown, _number(each.unknown_share, "share")]
        yield [each.code, each.name, each.name_en, values[0], each.unit, *base, *values[1:], each.n]


def _places(rows: Iterable[Place], codes: Sequence[str], units: dict[str, str]) -> Iterator[list[Any]]:
    for row in rows:
        values = [_number(row.values.get(code), units[code]) for code in codes]
        yield [row.code, row.name, row.name_en, row.level, *values]


def _charts(document: Document) -> Iterator[list[Any]]:
    chapters = next(iter(document.chapters.values()))
    for block in (block for chapter in chapters for block in chapter.blocks if isinstance(block, Chart)):
        for point in block.points:
            yield [block.title, point.label, _number(point.value, block.unit), block.unit]


def _dictionary(figures: Iterable[Figure]) -> Iterator[list[Any]]:
    for each in figures:
        parts = [" + ".join(part) for part in (each.numerator, each.denominator)]
        told = [each.code, each.name, each.name_en, each.definition, each.definition_en, each.unit]
        yield [*told, each.period, each.direction, each.scope, *parts, each.audience]


def _about(document: Document, number: str, fingerprint: str) -> Iterator[list[Any]]:
    yield from (["名称 title", title] for title in document.titles.values())
    yield ["编号 number", number or "草稿 draft"]
    yield ["期间 span", document.span]
    yield ["截至 as_of", document.as_of]
    yield ["所知时点 known_at", document.known_at]
    yield ["可见范围 audience", document.audience]
    yield ["区域 area", f"{document.area} {document.area_names[0]}".strip()]
    yield ["内容指纹 SHA-256", fingerprint]
    for source in document.sources:
        yield ["来源 source", f"{source.name} {source.name_en} {source.dated_on} {source.licence}".strip()]


class _Share(float):
    """A number that is shown as a percentage."""


def _number(value: float | None, unit: str) -> float | None:
    return _Share(value) if value is not None and unit == "share" else value


def _sheet(
    book: Any, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], codes: Sequence[str] = ()
) -> None:
    """A sheet under its headings; `codes` stand in a row of their own below the last of them."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(title)
    for at in range(1, len(head) + 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS.get(letter, _USUAL)
    sheet.freeze_panes = "B3" if codes else "B2"
    style = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="14508F")}
    wrapped = Alignment(wrap_text=True, vertical="center")
    sheet.append([_cell(sheet, text, alignment=wrapped, **style) for text in head])
    if codes:
        sheet.append([*[None] * (len(head) - len(codes)), *codes])
    for row in rows:
        sheet.append([_written(sheet, value) for value in row])


def _written(sheet: Any, value: Any) -> Any:
    if isinstance(value, _Share):
        return _cell(sheet, float(value), number_format=_SHARE)
    if isinstance(value, float):
        return _cell(sheet, value, number_format=_TWO)
    return safe_cell(value)


def _cell(sheet: Any, value: Any, **style: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value)
    for name, each in style.items():
        setattr(cell, name, each)
    return cell
