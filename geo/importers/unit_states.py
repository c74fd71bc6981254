"""Keeps the history of units: what the file says becomes known now, what was held before is closed, never erased."""

from collections.abc import Sequence, Set

from geo.db import query
from geo.importers.loading import Loading
from geo.importers.unit_merge import FileUnit

_COLUMNS = (
    *("unit_id", "row_number", "day", "stated", "area_m2", "area_basis", "use", "occupancy", "contract", "tenant_id"),
    "reported_on",
)


def store_states(loading: Loading, units: Sequence[FileUnit], columns: Set[str]) -> None:
    """Write what the file says of each unit into its history.

    A state holds from the day the row was reported on, or from the day the source speaks of, or from today. A unit of
    which the file says what is held already gets a confirmation when the row has a date, and nothing otherwise.
    `has_states` says whether the file has a column for states; without one, new units are of unknown state.
    """
    run, connection = loading.run, loading.run.connection
    connection.execute(query("states_stage"))
    tenants = _tenants(loading, units)
    with connection.cursor().copy(f"COPY staged_states ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for unit in units:
            if not unit.outspoken:
                copy.write_row(_staged(loading, unit, tenants, columns))
    values = {"run": run.id, "source": run.source_id}
    for name in ("states_hold", "states_lock", "states_compare", "states_confirm", "states_close", "states_add"):
        connection.execute(query(name), values)
    connection.execute("DROP TABLE staged_states, changed_states")


def _staged(loading: Loading, unit: FileUnit, tenants: dict[str, int], columns: Set[str]) -> tuple[object, ...]:
    row = unit.row
    occupancy, contract = row.state if "occupancy" in columns else (None, None)
    use = row.use if "use" in columns else None
    day = row.reported_on or loading.dated_on or loading.today
    stated = row.reported_on is not None or loading.dated_on is not None
    tenant = tenants.get(row.tenant or "") if occupancy in ("tenant", "fitting_out") else None
    return (
        *(unit.id, row.row, day, stated, row.area_m2, row.area_basis, use, occupancy, contract, tenant),
        row.reported_on,
    )


def _tenants(loading: Loading, units: Sequence[FileUnit]) -> dict[str, int]:
    """The enterprises that tenants' names mean, where exactly one has the name."""
    names = {unit.row.tenant for unit in units if unit.row.tenant}
    found = loading.run.connection.execute(
        "SELECT name, min(id) FROM enterprises WHERE name = ANY (%s) AND withdrawn_at IS NULL"
        " GROUP BY name HAVING count(*) = 1",
        [list(names)],
    )
    tenants: dict[str, int] = dict(found.fetchall())
    if unknown := len(names - tenants.keys()):
        loading.log.add("tenant_unknown", count=unknown)
    return tenants
