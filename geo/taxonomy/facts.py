"""What is told of a building beside its columns (lifts, air conditioning, permits), and what answers to it mean."""

from dataclasses import dataclass
from functools import cache

from geo.taxonomy.tables import Word, read_table

REGISTRABLE = "registrable"
PERMITS = ("permit_catering", "permit_training", "permit_medical")
"""Facts that are answered with yes, in part or no."""

PARTY_ORGANISATION, SMART_PLATFORM = "party_organisation", "smart_platform"
"""Facts that plans of a district count buildings by, answered likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind(Word):
    """A kind of fact; `unit` is the usual one, `asked` 1 where tenants ask for it, `topic` what it is listed under."""

    unit: str
    asked: int
    topic: str


@cache
def building_facts() -> tuple[FactKind, ...]:
    """Return the kinds of facts in their order on a page."""
    return read_table(FactKind, "facts.csv")


@cache
def answers() -> tuple[Word, ...]:
    """Return yes, in part and no, with the ways they are written."""
    return read_table(Word, "answers.csv")


@cache
def answer_spellings() -> dict[str, int]:
    """Return every way an answer is written, in lower case → 1 for yes, 2 for in part, 3 for no."""
    return {
        spelling.lower(): number
        for number, answer in enumerate(answers(), 1)
        for spelling in (answer.code, answer.name, answer.name_en, *answer.aliases)
    }
