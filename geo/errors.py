"""Every error of `geo`: a bare class whose docstring is the message unless a better one is given."""

from collections.abc import Sequence


class LouMapError(Exception):
    """Something went wrong in LouMap."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class AreasDifferError(LouMapError):
    """The areas of the new units do not come to that of the old ones."""

    def __init__(self, before: object, after: object) -> None:
        super().__init__(f"The new units come to {after} m², the old ones to {before} m²; correct an area, or say why.")
        self.before, self.after = before, after


class BadParameterError(LouMapError):
    """A parameter is not understood."""

    def __init__(self, parameter: str, value: str, allowed: str) -> None:
        super().__init__(f"{parameter}={value!r} is not understood; allowed: {allowed}.")
        self.parameter, self.value, self.allowed = parameter, value, allowed


class BadQualityRulesError(LouMapError):
    """The rules of data quality are not understood."""


class DatabaseServerError(LouMapError):
    """The database server cannot be used."""


class EditConflictError(LouMapError):
    """Somebody else has changed this since you looked at it."""

    def __init__(self, message: str | None = None, *, seen: object = None, held: object = None) -> None:
        super().__init__(message)
        self.seen, self.held = seen, held


class FigureRefusedError(LouMapError):
    """The figure cannot be entered like this."""


class FilterError(LouMapError):
    """A filter is not understood."""

    def __init__(self, message: str, text: str, at: int) -> None:
        before = text[:at]
        line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
        super().__init__(f"The filter is not understood at line {line}, column {column}: {message}.")
        self.parameter, self.position = "filter", {"line": line, "column": column, "character": at}


class ImportRefusedError(LouMapError):
    """The import cannot be carried out."""


class NotFoundError(LouMapError):
    """There is no such thing here."""


class PictureError(LouMapError):
    """The picture could not be drawn."""


class SampleExistsError(LouMapError):
    """The invented sample is in this database already; use an empty one for another."""


class StaleVersionError(LouMapError):
    """This version of the layer is no longer the current one."""

    def __init__(self, message: str | None = None, current: int | None = None) -> None:
        super().__init__(message)
        self.current = current


class TooMuchError(LouMapError):
    """This is more than can be given at once."""


class UndoRefusedError(LouMapError):
    """This cannot be taken back."""

    def __init__(self, message: str | None = None, *, later: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.later = later


class UnknownCrsError(LouMapError):
    """The coordinate system is not known."""


class UnknownFieldError(LouMapError):
    """There is no such field."""


class UnknownValueError(LouMapError):
    """The value is not in its list."""


class UnreadableFileError(LouMapError):
    """The file cannot be read."""


class UnreadableQuantityError(LouMapError):
    """The text is not a number with a unit that is understood."""


class MissingColumnsError(UnreadableFileError):
    """The file lacks a column that is needed."""

    def __init__(self, message: str, recognition: object) -> None:
        super().__init__(message)
        self.recognition = recognition
