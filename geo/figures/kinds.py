"""The kinds of figures that an office enters, and the ways to count tax: the vocabularies of this package.

Codes are those of the dictionary of indicators where an office states what we also reckon ourselves, so that both can
be put side by side.
"""

from dataclasses import dataclass
from functools import cache

from geo.disclosure import Audience
from geo.errors import UnknownValueError
from geo.taxonomy.tables import Word, find, read_table

PLACES = ("area", "building", "enterprise")


@dataclass(frozen=True, slots=True)
class FigureKind(Word):
    """A kind of figure.

    Attributes
    ----------
    unit
        ``cny``, ``people``, ``buildings``, ``number`` or ``share`` (of one).
    nature
        ``flow``: of a whole period, which months and quarters add up to; ``stock``: at the end of one.
    confidentiality
        The audience that may see it (`geo.disclosure.Audience`); of ``tax`` it is said how it was counted.
    places
        What it can be said of.
    """

    unit: str = "number"
    nature: str = "flow"
    confidentiality: str = "staff"
    places: tuple[str, ...] = ()

    @property
    def audience(self) -> Audience:
        """Who may see it."""
        return Audience(self.confidentiality)

    @property
    def is_tax(self) -> bool:
        """Whether tax officers alone see and enter it, and it is said how it was counted."""
        return self.audience is Audience.TAX


@dataclass(frozen=True, slots=True)
class CountingWord(Word):
    """One of the ways to count tax, of one axis (``scope``, ``basis``, ``one_off``, ``attribution``)."""

    axis: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How tax was counted; see `geo.model.Figure`."""

    scope: str = "full"
    basis: str = "received"
    one_off: bool = False
    attribution: str = "registered"

    def words(self) -> tuple[CountingWord, ...]:
        """The four words for it, in the order of the axes."""
        return tuple(
            next(word for word in counting_words(axis) if word.code == code)
            for axis, code in (
                ("scope", self.scope),
                ("basis", self.basis),
                ("one_off", "yes" if self.one_off else "no"),
                ("attribution", self.attribution),
            )
        )

    def label(self, locale: str = "zh") -> str:
        """All of it in words: 全口径 · 入库 · 不含一次性税收 · 注册地."""
        return " · ".join(word.label(locale) for word in self.words())


AXES = ("scope", "basis", "one_off", "attribution")
SCOPE_ORDER = (("retained", "local"), ("local", "full"))
"""Pairs of scopes of which the first never exceeds the second."""


@cache
def figure_kinds() -> tuple[FigureKind, ...]:
    """Return all kinds in the order of their list."""
    return read_table(FigureKind, "figures.csv")


def figure_kind(code: str) -> FigureKind:
    """Return the kind with this code.

    Raises
    ------
    UnknownValueError
        There is none.
    """
    found = next((kind for kind in figure_kinds() if kind.code == code), None)
    if found is None:
        raise UnknownValueError(f"There is no figure {code!r}; there are {', '.join(k.code for k in figure_kinds())}.")
    return found


def figure_kind_from_text(text: str) -> FigureKind:
    """Return the kind whose name, alias or code a text is; raises `UnknownValueError`."""
    return find(figure_kinds(), text, "figure")


@cache
def counting_words(axis: str) -> tuple[CountingWord, ...]:
    """Return the ways to count of one axis, the usual one first."""
    return tuple(word for word in read_table(CountingWord, "counting.csv") if word.axis == axis)


def counting_from_text(axis: str, text: str) -> str:
    """Return the code of a way to count by its name; raises `UnknownValueError`."""
    return find(counting_words(axis), text, axis).code
