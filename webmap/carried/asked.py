"""What an offline map is made of: a search, perhaps somebody's choice with what is said of it, and where it opens."""

from dataclasses import dataclass, field

from geo.exports.offline import Asking
from geo.looking_back import Moment


@dataclass(frozen=True, slots=True)
class Pick:
    """A building, or units of it, that somebody has chosen, by their codes, with a note and further words.

    Without `building` it is no longer listed, and `units` says what it was called.
    """

    building: str
    units: tuple[str, ...] = ()
    note: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Where the map looks when the file opens: latitude, longitude and zoom as in a map's address; what is open."""

    at: tuple[float, float, float] | None = None
    flat: bool = False
    building: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """All of it.

    `title`, `heading` (above the choice), `greeting` and `sender` are texts; `path` is the page that it shows,
    with its language; the map where there is none. `is_locked` says that somebody's words are kept back,
    `moment` which one the session looks back to.
    """

    asking: Asking
    title: str = ""
    heading: str = ""
    greeting: str = ""
    sender: str = ""
    picks: tuple[Pick, ...] = ()
    view: View = field(default_factory=View)
    path: str = ""
    is_locked: bool = False
    moment: Moment | None = None

    @property
    def has_words(self) -> bool:
        """Whether somebody's own words are in it, beside what is public."""
        return bool(self.greeting or self.sender or any(pick.note for pick in self.picks))
