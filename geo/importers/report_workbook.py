"""Writes an import report as a workbook: a summary, what the columns mean, and every issue on a row to filter by."""

from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_TITLES = {
    "en": (["summary", "columns", "issues"], ["row", "column", "value", "severity", "reason", "remedy", "code"]),
    "zh": (["概要", "列", "问题"], ["行", "列", "值", "程度", "原因", "处理建议", "代码"]),
}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_report(content: dict[str, Any], path: Path | BinaryIO, locale: str = "en") -> None:
    """Write the workbook of a report as plain values; texts that a spreadsheet would run as formulas are quoted."""
    sheets, headings = _TITLES["zh" if locale.startswith("zh") else "en"]
    book = Workbook(write_only=True)
    summary, columns, issues = (book.create_sheet(name) for name in sheets)
    for name in ("file", "kind", "dry_run", "run", "format", "layer", "encoding", "crs", "seconds"):
        _append(summary, [name, content[name]])
    for name, count in content["rows"].items():
        _append(summary, [name, count])
    for code, count in content["issue_counts"].items():
        _append(summary, [code, count])
    for heading, use in content["recognition"].get("fields", {}).items():
        _append(columns, [heading, use["field"], use["unit"]])
    for unknown in content["recognition"].get("unrecognised", []):
        _append(columns, [unknown["heading"], None, ", ".join(unknown["closest"])])
    issues.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", (8, 24, 28, 10, 60, 48, 22), strict=True):
        issues.column_dimensions[letter].width = width
    issues.append([_bold(issues, heading) for heading in headings])
    for issue in content["issues"]:
        _append(issues, [issue[name] for name in ("row", "column", "value", "severity", "reason", "remedy", "code")])
    book.save(path)


def _append(sheet: WriteOnlyWorksheet, values: list[Any]) -> None:
    sheet.append([_safe(value) for value in values])


def _safe(value: Any) -> Any:
    """Quote texts from the file that a spreadsheet would take for formulas."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value


def _bold(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
