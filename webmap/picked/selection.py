"""What stands in the address of a shortlist: codes of units in their order, and a note to each.

The address is all there is: who has it has the list, and nothing of it is kept by the site. What is put together for
somebody may hold buildings too (`b`); a shortlist leaves them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from geo.errors import BadParameterError

MOST = 50
"""Units on one list."""

NOTE_LENGTH = 200
"""Characters of one note."""

QUERY_LENGTH = 7000
"""Characters of a query as it travels; web servers and chat programs take addresses up to about 8 kB."""

LONGEST_CODE = 12

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes in the order of the list, the notes by code, and which of the codes are of buildings."""

    codes: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    buildings: frozenset[str] = frozenset()

    @property
    def query(self) -> str:
        """The list as a query: `u=a,b&b=c&n.a=note`; empty for an empty list."""
        of = {"u": self.units, "b": [code for code in self.codes if code in self.buildings]}
        codes = [f"{name}={','.join(found)}" for name, found in of.items() if found]
        return "&".join([*codes, *(f"n.{code}={quote(self.notes[code])}" for code in self.codes if code in self.notes)])

    @property
    def units(self) -> list[str]:
        """Those of the codes that are of units."""
        return [code for code in self.codes if code not in self.buildings]

    def with_all(self, other: "Selection") -> "Selection":
        """The same with those of another list that are not on it at its end."""
        return Selection(
            tuple(dict.fromkeys((*self.codes, *other.codes))),
            {**other.notes, **self.notes},
            self.buildings | (other.buildings - frozenset(self.codes)),
        )

    def without(self, code: str) -> "Selection":
        """The same without one unit."""
        return replace(self, codes=tuple(each for each in self.codes if each != code))

    def moved(self, code: str, step: int) -> "Selection":
        """The same with one unit so many places further down; at either end it stays."""
        if code not in self.codes:
            return self
        left = [each for each in self.codes if each != code]
        place = min(max(self.codes.index(code) + step, 0), len(left))
        return replace(self, codes=(*left[:place], code, *left[place:]))


def parse(pairs: Pairs, *, buildings: bool = False) -> Selection:
    """The list that the parameters `u` (codes by commas or one by one) and `n.<code>` (notes) say.

    With `buildings` those of `b` stand after them, a code that both have only as a unit.

    What cannot be a code is left out; spaces in notes are set to one.

    Raises
    ------
    BadParameterError
        There are too many units, a note is too long, or all of it does not fit into an address.
    """
    pairs = list(pairs)
    units, houses = _codes(pairs, "u"), _codes(pairs, "b") if buildings else ()
    codes = tuple(dict.fromkeys((*units, *houses)))
    if len(codes) > MOST:
        raise BadParameterError("u", f"{len(codes)} codes", f"at most {MOST} units on one list")
    found = Selection(codes, _notes(pairs, codes), frozenset(houses) - frozenset(units))
    if len(found.query) > QUERY_LENGTH:
        raise BadParameterError("n", f"{len(found.query)} characters", f"notes that fit into {QUERY_LENGTH} characters")
    return found


def _codes(pairs: Sequence[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    sent = (code.strip().lower() for name, value in pairs if name == parameter for code in value.split(","))
    return tuple(dict.fromkeys(code for code in sent if _is_code(code)))


def _is_code(text: str) -> bool:
    return 0 < len(text) <= LONGEST_CODE and text.isascii() and text.isalnum()


def _notes(pairs: Sequence[tuple[str, str]], codes: Iterable[str]) -> dict[str, str]:
    listed = frozenset(codes)
    notes = {}
    for name, value in pairs:
        code, note = name.removeprefix("n.").lower(), " ".join(value.split())
        if name.startswith("n.") and code in listed and note:
            if len(note) > NOTE_LENGTH:
                raise BadParameterError(name, f"{note[:20]}…", f"at most {NOTE_LENGTH} characters")
            notes[code] = note
    return notes
