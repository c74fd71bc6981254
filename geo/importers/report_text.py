"""Writes an import report for a terminal, in English or Chinese."""

from collections import defaultdict

from geo.importers.messages import MESSAGES, Severity
from geo.importers.report import COUNTS, ImportReport, Issue

_WORDS = {
    "read": "读取",
    "added": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "repaired": "修复",
    "merged": "合并",
    "rejected": "拒绝",
    "skipped": "跳过",
    "dry": "（试运行，未写入）",
    "more": "……另有 {count} 条",
    "fields": "识别的列",
}
_ENGLISH = {"dry": " (dry run, nothing was written)", "more": "… and {count} more", "fields": "columns recognised"}
NOTES, LONG = 3, 20
_ORDER = [Severity.REJECTED, Severity.REPAIRED, Severity.WARNING, Severity.NOTE]


def report_text(report: ImportReport, locale: str = "en", issues: int = 8) -> str:
    """Return the report as lines: the file, the counts, the headings, then up to `issues` issues of each code.

    Of mere notes a few are enough. After a long list the counts are said again, for they have scrolled away.
    """
    words = _WORDS if locale.startswith("zh") else _ENGLISH
    about = [report.format, report.layer, report.encoding, report.crs]
    lines = [f"{report.file}: {report.kind}{words['dry'] if report.dry_run else ''}"]
    lines.append("  " + " · ".join(part for part in about if part))
    names = [*COUNTS, *sorted(set(report.rows) - set(COUNTS))]
    counts = "  " + ", ".join(f"{words.get(name, name)} {report.rows[name]:,}" for name in names if report.rows[name])
    lines.append(counts)
    if fields := report.recognition.get("fields"):
        used = ", ".join(f"{heading} → {use['field']}" for heading, use in fields.items())
        lines.append(f"  {words['fields']}: {used}")
    for severity, code in sorted(((MESSAGES[code].severity, code) for code in report.issue_counts), key=_rank):
        most = min(issues, NOTES) if severity is Severity.NOTE else issues
        lines += _of_code(report, code, severity, locale, most, words["more"])
    return "\n".join([*lines, counts] if len(lines) > LONG else lines)


def _rank(pair: tuple[Severity, str]) -> tuple[int, str]:
    return _ORDER.index(pair[0]), pair[1]


def _of_code(report: ImportReport, code: str, severity: Severity, locale: str, most: int, more: str) -> list[str]:
    by_code: defaultdict[str, list[Issue]] = defaultdict(list)
    for issue in report.issues:
        by_code[issue.code].append(issue)
    shown = by_code[code][:most]
    lines = [f"  [{severity}] {issue.sentence(locale)}" for issue in shown]
    rest = report.issue_counts[code] - len(shown)
    return [*lines, "    " + more.format(count=f"{rest:,}")] if rest else lines
