"""Who may see what: for every column of the model the lowest audience, and what the public is told.

The columns stand in `geo/disclosure_list.py`. Tiles, state files, API, pages, exports and the audit view read it. A
column that the list does not name is shown to nobody: what has not been decided is not public.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from geo.disclosure_list import LIST
from geo.errors import UnknownFieldError


class Audience(StrEnum):
    """Who is looking, from the least to the most entitled; for which building or area, permissions decide."""

    PUBLIC = "public"
    MANAGER = "manager"
    STAFF = "staff"
    TAX = "tax"
    ADMIN = "admin"


def audience_of(field: str) -> Audience:
    """Return the lowest audience that may see a ``table.column``.

    Raises
    ------
    UnknownFieldError
        When the list does not name the column.
    """
    table, _, column = field.partition(".")
    try:
        return _LOWEST[table][column]
    except KeyError:
        raise UnknownFieldError(f"{field} is not in the disclosure list; name it in geo/disclosure_list.py.") from None


def may_see(field: str, audience: Audience) -> bool:
    """Return whether an audience may see a ``table.column``; raises as `audience_of`."""
    return _RANK[audience] >= _RANK[audience_of(field)]


def public_fields(table: str) -> frozenset[str]:
    """Return the columns of a table that everybody may see; rows may still be withheld, see `redact`.

    Raises
    ------
    UnknownFieldError
        When the list does not name the table.
    """
    if table not in _LOWEST:
        raise UnknownFieldError(f"The table {table} is not in the disclosure list; name it in geo/disclosure_list.py.")
    return frozenset(column for column, lowest in _LOWEST[table].items() if lowest is Audience.PUBLIC)


def redact(row: Mapping[str, Any], table: str, audience: Audience) -> dict[str, Any] | None:
    """Return what an audience may see of a row, None when the whole row is withheld from it.

    Beside the columns of the list: rows withdrawn or not publishable and offers not published are for staff; the room
    of a tenant, the contact of a party and the name of an individual trader are public only as DESIGN §4 allows; the
    day an offer is available from becomes the month.

    Raises
    ------
    UnknownFieldError
        When a column of the row is not in the list.
    """
    seen = {column: value for column, value in row.items() if may_see(f"{table}.{column}", audience)}
    if _RANK[audience] >= _RANK[Audience.STAFF]:
        return seen
    if row.get("publishable") is False or row.get("withdrawn_at") is not None:
        return None
    rule = _ROW_RULES.get(table)
    return rule(row, seen) if rule else seen


def public_occupancy(
    occupancy: str, contract: str, has_published_offer: bool = False, available_from: date | None = None
) -> str:
    """Return what the public is told of a unit: ``vacant``, ``soon``, ``in_use``, ``own_use`` or ``unknown``.

    Parameters
    ----------
    occupancy, contract
        As in `unit_states`. A vacant unit in talks still reads vacant, a vacant unit already signed for reads in use.
    has_published_offer, available_from
        Whether the owner has published an offer for it, and the day that offer names. Only such an offer makes a unit
        that is in use read ``soon``; an expiring lease does not.
    """
    if occupancy == "vacant":
        return "in_use" if contract in ("signed", "let") else "vacant"
    if has_published_offer and available_from is not None:
        return "soon"
    return occupancy if occupancy in ("own_use", "unknown") else "in_use"


def month_of(day: date) -> date:
    """Return the first of a day's month, the finest the public is told of a coming vacancy."""
    return day.replace(day=1)


def _offer(row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any] | None:
    return _by_month(row, seen) if row.get("published_at") is not None else None


def _by_month(_row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    return seen | {"available_on": month_of(day)} if (day := seen.get("available_on")) else seen


def _enterprise(row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    """Withhold what would name or place an individual trader (个体工商户); unless the row says it is none."""
    return _without(seen, "name", "name_en", "credit_code", "geom") if row.get("is_individual", True) else seen


def _tenancy(row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    return seen if row.get("room_public") is True else _without(seen, "unit_id")


def _party(row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    if row.get("contact_consent") is True:
        return seen
    seen = _without(seen, "business_phone", "business_email")
    return _without(seen, "name", "name_en") if row.get("kind") == "person" else seen


def _source(row: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any] | None:
    return seen if row.get("publishable") is True else None


def _without(seen: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {column: value for column, value in seen.items() if column not in columns}


_ROW_RULES: dict[str, Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any] | None]] = {
    "enterprises": _enterprise,
    "offers": _offer,
    "parties": _party,
    "sources": _source,
    "tenancies": _tenancy,
    "units": _by_month,
}

_RANK = {audience: rank for rank, audience in enumerate(Audience)}

_LOWEST = {
    table: {column: Audience(lowest) for lowest, columns in audiences.items() for column in columns.split()}
    for table, audiences in LIST.items()
}
