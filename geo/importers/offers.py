"""Keeps the offers that a file makes: one for each unit on the market, replaced when its terms change."""

from collections.abc import Collection, Sequence

from geo.db import query
from geo.history import write_present
from geo.importers.loading import Loading
from geo.importers.unit_merge import FileUnit
from geo.importers.unit_rows import OfferTerms
from geo.model.declarative import new_code

_COLUMNS = (
    *("unit_id", "building_id", "code", "offered", "rent_low", "rent_high", "rent_unit", "area_basis", "min_area_m2"),
    *("fitout", "available_on", "day", *OfferTerms._fields),
)


def store_offers(loading: Loading, units: Sequence[FileUnit], columns: Collection[str]) -> None:
    """Publish offers of units on the market and end this source's offers of units that no longer are.

    New terms are a new version under the same code; where somebody else offers a unit too, the newest offer counts.
    Terms of which the file has none of the `columns` stay as they were.
    """
    run, connection = loading.run, loading.run.connection
    connection.execute(query("offers_stage"))
    with connection.cursor().copy(f"COPY staged_offers ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for unit in units:
            if not unit.older:
                copy.write_row(_staged(loading, unit))
    values = {"run": run.id, "source": run.source_id, "today": loading.today, "given": _given(columns)}
    for name in ("offers_compare", "offers_close", "offers_before", "offers_add", "offers_point"):
        connection.execute(query(name), values)
    contested = [ident for (ident,) in connection.execute(query("offers_of_others"), values)]
    connection.execute("DROP TABLE staged_offers")
    if contested:
        write_present(loading.session, contested, loading.today)


def _given(columns: Collection[str]) -> list[str]:
    """The terms that the file speaks of; whether a fee is waived may stand beside the months without rent."""
    beside = {"rent_free_with_fee"} if "rent_free_months" in columns else set()
    return sorted((beside | set(columns)) & set(OfferTerms._fields))


def _staged(loading: Loading, unit: FileUnit) -> tuple[object, ...]:
    row = unit.row
    return (
        *(unit.id, unit.building_id, new_code(12), row.offered, row.rent_low, row.rent_high, row.rent_unit),
        *(row.area_basis, row.min_area_m2, row.fitout, row.offer_month, row.reported_on or loading.today),
        *row.terms,
    )
