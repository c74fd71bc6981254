"""Reads what a state file is made of, from one snapshot of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.columns import Array
from geo.db import query
from geo.looking_back import Moment
from geo.row_arrays import rows_as_array
from geo.stamps import stale_before


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the state: from which snapshot of the database, of which day, for whom, in which words.

    `connection` is in a repeatable-read transaction in which something has been read already, and looks back to the
    moment if there is one; `only` limits the reading to some buildings; units on the market are stale after so many
    days without a word (0 is never).
    """

    connection: Connection[TupleRow]
    words: Mapping[str, list[str]]
    today: date
    moment: Moment | None = None
    staff: bool = False
    only: list[int] | None = None
    stale_days: int = 0

    @property
    def as_of(self) -> date:
        """The day that is read."""
        return self.moment.as_of if self.moment else self.today

    def rows(self, name: str, types: Mapping[str, str], **values: object) -> Array:
        """The rows of a query as a structured array; `types` are those of its columns, none of which may be null."""
        return rows_as_array(self.connection, query(name, staff=self.staff), types, self._values(values))

    def row(self, name: str) -> TupleRow:
        """The only row of a query."""
        found = self.connection.execute(query(name, staff=self.staff), self._values({})).fetchone()
        assert found is not None
        return found

    def _values(self, more: Mapping[str, object]) -> dict[str, object]:
        days = {"today": self.as_of, "stale_before": stale_before(self.as_of, self.stale_days)}
        return {**self.words, **days, "only": self.only, **more}
