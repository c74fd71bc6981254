"""Decides what a blank means in a column that says whether units are in use."""

from collections.abc import Sequence

import pyarrow as pa

from geo.importers.batches import Column
from geo.importers.fields import Field
from geo.importers.report import IssueLog
from geo.importers.value_numbers import plain_text
from geo.importers.value_words import NO, YES

_NEARLY_ALL = 0.99


class BlankStates:
    """Reads blanks as the opposite where a column only ever says yes, as unknown elsewhere.

    Registers that mark occupied premises with "Y" leave the empty ones blank. A column that also says "N", or names
    states in words, has no such habit: there a blank says nothing. The first batch decides for the file.
    """

    def __init__(self, log: IssueLog) -> None:
        self._log = log
        self._meaning: dict[str, str] = {}

    def settle(self, spec: Field, column: Column, made: dict[str, pa.Array], heading: str) -> dict[str, pa.Array]:
        """Return the states with their blanks filled."""
        if heading not in self._meaning:
            self._meaning[heading] = self._judge(spec, column, heading)
        return {name: values.fill_null(self._meaning[heading]) for name, values in made.items()}

    def _judge(self, spec: Field, column: Column, heading: str) -> str:
        values: Sequence[object] = column.to_pylist() if isinstance(column, pa.Array) else column
        words = [plain_text(value).casefold() for value in values if value is not None]
        yes = [word for word in words if word in YES]
        if not words or len(yes) < _NEARLY_ALL * len(words) or any(word in NO for word in words):
            return "unknown"
        opposite = "vacant" if spec.type == "occupancy" else "in_use"
        if len(words) < len(values):
            self._log.add("blank_means", column=heading, value=yes[0].upper(), meaning=opposite)
        return opposite
