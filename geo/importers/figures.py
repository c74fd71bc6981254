"""Loads tables of figures and targets: each row is entered as somebody would enter it, or said to be wrong and why."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from geo.errors import FigureRefusedError, TooMuchError, UnknownValueError, UnreadableQuantityError
from geo.figures import (
    AXES,
    Counted,
    FigureEntry,
    FigureKind,
    TargetEntry,
    counting_from_text,
    counting_words,
    enter_figure,
    figure_kind_from_text,
    figure_kinds,
    period_from_text,
    said_before,
    set_target,
)
from geo.figures.places import find_place
from geo.figures.values import Measured, value_from_text
from geo.history import Author
from geo.importers.loading import Loading, texts_of
from geo.importers.tables import CleanBatch
from geo.indicators.dictionary import Indicator, indicators
from geo.model import Figure, Target
from geo.taxonomy.tables import Word, find

MOST_ROWS = 10_000
_PLACES = {"area": "区域", "building": "楼宇", "enterprise": "企业"}
_BOUNDS = {
    **dict.fromkeys(("at_least", "不低于", "≥", ">=", "至少", "达到", ""), "at_least"),
    **dict.fromkeys(("at_most", "不高于", "≤", "<=", "至多", "控制在"), "at_most"),
}
_FIGURE_FIELDS = (
    *("indicator", "place_kind", "place", "area", "building", "enterprise", "credit_code", "period", "value", "unit"),
    *(*AXES, "contributors", "largest_share", "note"),
)
_TARGET_FIELDS = ("area", "indicator", "year", "scope", "bound", "value", "unit", "note")

Value = TypeVar("Value")


class _Wrong(Exception):
    """A row is not taken; the issue has been noted."""


@dataclass(slots=True)
class _Row:
    """A row of the file, which says of its own cells what is wrong with them."""

    loading: Loading
    number: int
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        return (self.cells.get(name) or "").strip()

    def read(self, name: str, reading: Callable[[str], Value], code: str, **more: object) -> Value:
        """The value of a cell; notes what is wrong with it otherwise."""
        try:
            return reading(self.text(name))
        except (UnknownValueError, UnreadableQuantityError, ValueError, ArithmeticError) as error:
            self.refuse(code, name, problem=str(error), **more)
            raise _Wrong from None

    def refuse(self, code: str, name: str, **more: object) -> None:
        self.loading.log.add(code, row=self.number, column=name, value=self.text(name), **more)

    def value(self, kind: Measured) -> Decimal:
        """The value in the unit that the row, or else the heading, states."""
        unit = self.text("unit") or self.loading.units.get("value", "")
        example = {"cny": "123.5万元", "share": "85.5%"}.get(kind.unit, "120")
        return self.read("value", lambda text: value_from_text(text, kind, unit), "figure_value", example=example)


class _Rows(ABC):
    """What loaders of both kinds share: the rows as they come, entering them one by one, and the notes for undoing."""

    table = ""
    names: tuple[str, ...] = ()

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._rows: list[_Row] = []
        self._seen: dict[object, int] = {}

    def take(self, batch: CleanBatch) -> None:
        """Take rows as texts.

        Raises
        ------
        TooMuchError
            There are more than can be taken at once.
        """
        columns = {name: texts_of(batch.columns, name, len(batch)) for name in self.names if name in batch.columns}
        for at, number in enumerate(batch.row_numbers):
            self._rows.append(_Row(self._loading, int(number), {name: cells[at] for name, cells in columns.items()}))
        if len(self._rows) > MOST_ROWS:
            raise TooMuchError(f"The file has more than {MOST_ROWS} rows; split it.")

    def finish(self) -> None:
        """Enter the rows that are right."""
        for row in self._rows:
            try:
                self._enter(row)
            except _Wrong:
                continue

    @abstractmethod
    def _enter(self, row: _Row) -> None:
        """Enter one row; each kind has its own."""

    def _note(self, entered: Figure | Target) -> None:
        """Count what became of a row, and note it for undoing."""
        counts, run = self._loading.log.counts, self._loading.run
        if entered.run_id != run.id:
            counts["unchanged"] += 1
            return
        counts["updated" if len(said_before(self._loading.session, entered)) > 1 else "added"] += 1
        run.connection.execute(
            "INSERT INTO import_changes (run_id, table_name, row_id) VALUES (%s, %s, %s)",
            [run.id, self.table, entered.id],
        )

    def _is_repeated(self, row: _Row, key: object) -> bool:
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            self._loading.log.add("figure_repeated", row=row.number, first=first)
        return first != row.number

    def _author(self) -> Author:
        return Author(self._loading.run.source_id, self._loading.user_id)


class Figures(_Rows):
    """The loader of figures: kind, place, period and way of counting are read cell by cell."""

    table, names = "figures", _FIGURE_FIELDS

    def _enter(self, row: _Row) -> None:
        kind = row.read("indicator", figure_kind_from_text, "figure_kind", allowed=_names(figure_kinds()))
        place, ident = self._place(row)
        if kind.code not in {each.code for each in figure_kinds() if place in each.places}:
            row.refuse("figure_place_kind", "place_kind", place=_PLACES[place], kind=kind.name)
            raise _Wrong
        if self._loading.permits is not None and not self._loading.permits(kind.code, place, ident):
            row.refuse("figure_not_yours", place, kind=kind.name)
            raise _Wrong
        entry = FigureEntry(
            indicator=kind.code, place=place, place_id=ident, value=row.value(kind),
            period=row.read("period", period_from_text, "figure_period"),
            counted=_counted(row) if kind.is_tax else None,
            contributors=row.read("contributors", _count, "figure_number"),
            largest_share_pct=row.read("largest_share", _share, "figure_number"), note=row.text("note") or None,
        )  # fmt: skip
        key = tuple(value for name, value in entry.columns().items() if name not in ("value", "note"))[:9]
        if self._is_repeated(row, repr(key)):
            return
        try:
            entered = enter_figure(
                self._loading.session, entry, self._author(), self._loading.today, run_id=self._loading.run.id
            )
        except FigureRefusedError as error:
            code = "figure_not_ended" if "ended" in str(error) else "figure_refused"
            row.refuse(code, "period" if "ended" in str(error) else "value", problem=str(error))
            raise _Wrong from None
        self._note(entered)

    def _place(self, row: _Row) -> tuple[str, int]:
        """The finest place that a row names, by name, code or credit code."""
        named = [name for name in ("credit_code", "enterprise", "building", "area") if row.text(name)]
        if named:
            name = named[0]
            kind = "enterprise" if name == "credit_code" else name
        else:
            name = "place"
            kind = row.read("place_kind", _place_kind, "figure_which_place")
        found = row.read(
            name, lambda text: find_place(self._loading.session, kind, text), "figure_place", kind=_PLACES[kind]
        )
        return kind, found.id


class Targets(_Rows):
    """The loader of targets; a year that the file does not give is left out."""

    table, names = "targets", _TARGET_FIELDS

    def _enter(self, row: _Row) -> None:
        kinds: list[Indicator | FigureKind] = [*indicators(self._loading.own_indicators), *figure_kinds()]
        kind = row.read("indicator", lambda text: find(kinds, text, "indicator"), "figure_kind", allowed=_names(kinds))
        session = self._loading.session
        area = row.read("area", lambda text: find_place(session, "area", text), "figure_place", kind=_PLACES["area"])
        if self._loading.permits is not None and not self._loading.permits("", "area", area.id):
            row.refuse("figure_not_yours", "area", kind=kind.name)
            raise _Wrong
        entry = TargetEntry(
            area_id=area.id, indicator=kind.code, value=row.value(kind), note=row.text("note") or None,
            year=row.read("year", lambda text: int(float(text.removesuffix("年"))) if text else None, "figure_year"),
            bound=row.read("bound", lambda text: _BOUNDS[text], "figure_bound") if row.text("bound") else "at_least",
            scope=row.read("scope", lambda text: counting_from_text("scope", text), "figure_counting",
                           allowed=_names(counting_words("scope"))) if row.text("scope") else None,
        )  # fmt: skip
        key = (entry.area_id, entry.indicator, entry.year, entry.scope)
        if self._is_repeated(row, key):
            return
        try:
            entered = set_target(session, entry, self._author(), run_id=self._loading.run.id)
        except FigureRefusedError as error:
            row.refuse("figure_year", "year", problem=str(error))
            raise _Wrong from None
        self._note(entered)


def _counted(row: _Row) -> Counted:
    """How the tax of a row was counted; the usual way where a cell is empty."""
    said = {}
    for axis in AXES:
        words = counting_words(axis)
        said[axis] = words[0].code
        if row.text(axis):
            said[axis] = row.read(
                axis, lambda text, axis=axis: counting_from_text(axis, text), "figure_counting", allowed=_names(words)  # type: ignore[misc]
            )  # fmt: skip
    return Counted(said["scope"], said["basis"], said["one_off"] == "yes", said["attribution"])


def _count(text: str) -> int | None:
    count = int(float(text)) if text else None
    if count is not None and not 0 < count < 10_000_000:
        raise ValueError
    return count


def _share(text: str) -> Decimal | None:
    share = Decimal(text.rstrip("%")) if text else None
    if share is not None and not 0 <= share <= 100:
        raise ValueError
    return share


def _place_kind(text: str) -> str:
    found = next((kind for kind, name in _PLACES.items() if text in (kind, name)), None)
    if found is None:
        raise UnknownValueError
    return found


def _names(words: Iterable[Word]) -> str:
    return "、".join(dict.fromkeys(word.name for word in words))
