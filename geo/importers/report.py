"""What an import did with a file: counts, and every row that was rejected, repaired or doubtful, with the remedy."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from geo.importers.messages import MESSAGES, Severity, reason_of, remedy_of

KEPT_ISSUES = 10_000
"""So many single issues are kept; all of them are counted."""

COUNTS = (
    "read",
    "added",
    "updated",
    "unchanged",
    "repaired",
    "merged",
    "rejected",
    "skipped",
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing found in the file. `row` is the number a person sees there, None when the whole file is meant."""

    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How bad it is: rejected, repaired, warning or note."""
        return MESSAGES[self.code].severity

    def reason(self, locale: str = "en") -> str:
        """Say what is wrong, without a full stop."""
        return reason_of(self.code, self._words(), locale)

    def remedy(self, locale: str = "en") -> str:
        """Say what to do about it; empty when there is nothing to do."""
        return remedy_of(self.code, self._words(), locale)

    def sentence(self, locale: str = "en") -> str:
        """Say it as one sentence: "Row 14: floor '3F-4F' is a range; give one floor per row."."""
        chinese = locale.startswith("zh")
        row = "" if self.row is None else (f"第{self.row}行：" if chinese else f"Row {self.row}: ")
        remedy = self.remedy(locale)
        link, stop = ("；", "。") if chinese else ("; ", ".")
        return row + self.reason(locale) + (link + remedy if remedy else "") + stop

    def as_json(self, locale: str = "en") -> dict[str, Any]:
        """Return the issue as plain JSON values."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "severity": str(self.severity),
            "code": self.code,
            "reason": self.reason(locale),
            "remedy": self.remedy(locale),
        }

    def _words(self) -> dict[str, Any]:
        return {"column": self.column, "value": self.value, "row": self.row, **self.more}


class IssueLog:
    """Collects issues while a file is read: the first ten thousand whole, all of them counted by code."""

    def __init__(self, kept: int = KEPT_ISSUES) -> None:
        self.issues: list[Issue] = []
        self.by_code: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self._kept = kept

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        **more: object,
    ) -> None:
        """Note one issue; `more` fills the other places of its message.

        Raises
        ------
        KeyError
            When `code` is no message of `geo.importers.messages`.
        """
        severity = MESSAGES[code].severity
        self.by_code[code] += 1
        if severity is Severity.REJECTED:
            self.counts["rejected"] += 1
        elif severity is Severity.REPAIRED:
            self.counts["repaired"] += 1
        if len(self.issues) < self._kept:
            self.issues.append(Issue(code, row, column, shown(value), more))

    def add_once(self, code: str, *, column: str) -> None:
        """Note something that holds for a whole column, the first time it is met."""
        if not any(issue.code == code and issue.column == column for issue in self.issues):
            self.add(code, column=column)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)


@dataclass(slots=True)
class ImportReport:
    """The result of one run or dry run.

    `rows` holds the counts named in `COUNTS`; `hidden` the invented sources that the run put out of public sight.
    """

    file: str
    kind: str
    dry_run: bool = False
    run: str | None = None
    source: str | None = None
    publishable: bool = False
    format: str | None = None
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    rows: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    issue_counts: Counter[str] = field(default_factory=Counter)
    recognition: dict[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    hidden: list[str] = field(default_factory=list)

    def take(self, log: IssueLog) -> None:
        """Add what a log has collected."""
        self.rows.update(log.counts)
        self.issues.extend(log.issues[: KEPT_ISSUES - len(self.issues)])
        self.issue_counts.update(log.by_code)

    def as_json(self, locale: str = "en") -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "run": self.run,
            "file": self.file,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "source": self.source,
            "publishable": self.publishable,
            "hidden": self.hidden,
            "format": self.format,
            "layer": self.layer,
            "encoding": self.encoding,
            "crs": self.crs,
            "seconds": self.seconds,
            "rows": {name: self.rows.get(name, 0) for name in (*COUNTS, *sorted(set(self.rows) - set(COUNTS)))},
            "recognition": self.recognition,
            "issue_counts": dict(self.issue_counts.most_common()),
            "issues_kept": len(self.issues),
            "issues": [issue.as_json(locale) for issue in self.issues],
        }

    def to_json(self, locale: str = "en") -> str:
        """Return the report as JSON text."""
        return json.dumps(self.as_json(locale), ensure_ascii=False, indent=1)

    def to_xlsx(self, path: Path, locale: str = "en") -> None:
        """Write the report as a workbook with the sheets summary, columns and issues."""
        from geo.importers.report_workbook import write_report  # noqa: PLC0415 - openpyxl only when asked for

        write_report(self.as_json(locale), path, locale)

    def as_text(self, locale: str = "en", issues: int = 8) -> str:
        """Return the report for a terminal: counts, headings not recognised, and the first issues of every code."""
        from geo.importers.report_text import report_text  # noqa: PLC0415 - it imports this module

        return report_text(self, locale, issues)


def shown(value: object) -> str | None:
    """Return a value as it is shown in a report: short, dates without a midnight, never bytes."""
    if value is None:
        return None
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if len(text) <= 120 else text[:117] + "..."
