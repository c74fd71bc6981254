"""Who says something of a unit or an offer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """The source that stands for what is said, and the account of the person who said it, where it was one."""

    source_id: int
    user_id: int | None = None
