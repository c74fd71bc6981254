"""A part of a sentence that has been read, before anybody knows what else the sentence says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """Where it stands, and the parameters of a requirement with their values that it stands for."""

    start: int
    end: int
    pairs: tuple[tuple[str, str], ...]
