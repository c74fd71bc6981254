"""What a space truly costs: rent, property fee, parking, cooling after hours, deposit, restoration, month by month.

Every line says its formula and what went into it; what an offer does not state is named and left out, never guessed.
A month of rent by the day is 365/12 days (`geo/taxonomy/rents.py`).
"""

from geo.costs.flow import Cost, Month, Period, cost, together
from geo.costs.lines import (
    DEPOSIT,
    ESCALATION,
    FEE,
    OVERTIME,
    PARKING,
    RENT,
    RENT_FREE,
    RENT_FREE_FEE,
    RESTORATION,
    Line,
)
from geo.costs.terms import Terms, Usage

__all__ = [
    "DEPOSIT",
    "ESCALATION",
    "FEE",
    "OVERTIME",
    "PARKING",
    "RENT",
    "RENT_FREE",
    "RENT_FREE_FEE",
    "RESTORATION",
    "Cost",
    "Line",
    "Month",
    "Period",
    "Terms",
    "Usage",
    "cost",
    "together",
]
