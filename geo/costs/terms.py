"""What is stated of an offer and its building, and how a tenant will use the space: what costs are made of."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is stated of an offer and its building; None is not stated.

    Money in CNY; areas in m²; `overtime_cny_hour` for the air conditioning of a floor; `rent_free_with_fee` says that
    no property fee is due in the months without rent; rent rises by `escalation_pct` every year.
    """

    area_m2: Decimal | None = None
    area_basis: str = "gross"
    rent_amount: Decimal | None = None
    rent_unit: str | None = None
    tax_included: bool | None = None
    property_fee_cny_m2_month: Decimal | None = None
    property_fee_included: bool | None = None
    deposit_months: int | None = None
    rent_free_months: int | None = None
    rent_free_with_fee: bool | None = None
    escalation_pct: Decimal | None = None
    parking_cny_month: Decimal | None = None
    overtime_cny_hour: Decimal | None = None
    restoration_cny_m2: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How the tenant will use it: months, parking places, hours of air conditioning after hours."""

    term_months: int = 36
    parking_places: int = 0
    overtime_hours_month: Decimal = Decimal(0)
