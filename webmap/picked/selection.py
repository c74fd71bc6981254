"""What stands in the address of a shortlist: codes of units in their order, and a note to each.

The address is all there is: who has it has the list, and nothing of it is kept by the site.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    """Codes in the order of the list, and the notes by code."""

    codes: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The list as a query: `u=a,b&n.a=note`; empty for an empty list."""
        notes = "".join(f"&n.{code}={quote(self.notes[code])}" for code in self.codes if code in self.notes)
        return f"u={','.join(self.codes)}{notes}" if self.codes else ""

    def without(self, code: str) -> "Selection":
        """The same without one unit."""
        return Selection(tuple(each for each in self.codes if each != code), self.notes)

    def moved(self, code: str, step: int) -> "Selection":
        """The same with one unit so many places further down; at either end it stays."""
        if code not in self.codes:
            return self
        left = [each for each in self.codes if each != code]
        place = min(max(self.codes.index(code) + step, 0), len(left))
        return Selection((*left[:place], code, *left[place:]), self.notes)


def parse(pairs: Pairs) -> Selection:
    """The list that the parameters `u` (codes by commas or one by one) and `n.<code>` (notes) say.

    What cannot be a code is left out; spaces in notes are set to one.

    Raises
    ------
    BadParameterError
        There are too many units, a note is too long, or all of it does not fit into an address.
    """
    pairs = list(pairs)
    sent = (code.strip().lower() for name, value in pairs if name == "u" for code in value.split(","))
    codes = tuple(dict.fromkeys(code for code in sent if _is_code(code)))
    if len(codes) > MOST:
        raise BadParameterError("u", f"{len(codes)} codes", f"at most {MOST} units on one list")
    found = Selection(codes, _notes(pairs, codes))
    if len(found.query) > QUERY_LENGTH:
        raise BadParameterError("n", f"{len(found.query)} characters", f"notes that fit into {QUERY_LENGTH} characters")
    return found


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
