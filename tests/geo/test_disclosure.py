"""Everybody sees what the disclosure list allows, and nothing more."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from geo.disclosure import Audience, audience_of, may_see, public_fields, public_occupancy, redact
from geo.errors import UnknownFieldError
from geo.model import Base

GEO_TABLES = sorted(
    {mapper.local_table.name for mapper in Base.registry.mappers if "geo.model" in mapper.class_.__module__}
)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("table", GEO_TABLES)
def test_every_column_of_the_model_is_decided(table: str) -> None:
    columns = {column.name for column in Base.metadata.tables[table].columns}
    undecided = []
    for column in sorted(columns):
        try:
            audience_of(f"{table}.{column}")
        except UnknownFieldError:
            undecided.append(column)
    assert undecided == []
    assert public_fields(table) <= columns, "the list names a column that is gone"


@pytest.mark.parametrize(
    "field",
    [
        "tenancies.lease_end_on", "unit_states.rent_amount", "unit_states.contract", "unit_states.tenant_id",
        "unit_states.occupancy", "units.occupancy", "parties.personal_phone", "tenancies.valid", "enterprises.address",
        "import_runs.report", "sources.secrecy",
    ],
)  # fmt: skip
def test_the_public_never_sees_confidential_fields(field: str) -> None:
    assert not may_see(field, Audience.PUBLIC)
    assert may_see(field, Audience.ADMIN)


def test_a_manager_sees_the_state_of_the_building_but_no_rent_paid() -> None:
    assert may_see("unit_states.occupancy", Audience.MANAGER)
    assert not may_see("unit_states.rent_amount", Audience.MANAGER)
    assert may_see("unit_states.rent_amount", Audience.STAFF)


@pytest.mark.parametrize("field", ["units.secret_new_column", "no_table.name", "units"])
def test_what_is_not_decided_is_shown_to_nobody(field: str) -> None:
    with pytest.raises(UnknownFieldError, match=r"geo/disclosure_list\.py"):
        may_see(field, Audience.ADMIN)
    with pytest.raises(UnknownFieldError):
        public_fields("no_table")


@pytest.mark.parametrize(
    ("occupancy", "contract", "told"),
    [
        ("vacant", "none", "vacant"), ("vacant", "talks", "vacant"), ("vacant", "signed", "in_use"),
        ("vacant", "let", "in_use"),
        ("tenant", "let", "in_use"), ("tenant", "none", "in_use"), ("fitting_out", "let", "in_use"),
        ("own_use", "none", "own_use"), ("unknown", "none", "unknown"),
    ],
)  # fmt: skip
def test_the_public_is_told_a_state_without_contract_or_tenant(occupancy: str, contract: str, told: str) -> None:
    assert public_occupancy(occupancy, contract) == told


@pytest.mark.parametrize("occupancy", ["tenant", "fitting_out", "own_use", "unknown"])
def test_soon_is_told_only_through_a_published_offer_with_a_day(occupancy: str) -> None:
    day = date(2027, 3, 17)
    assert public_occupancy(occupancy, "let", has_published_offer=True, available_from=day) == "soon"
    assert public_occupancy(occupancy, "let", has_published_offer=False, available_from=day) != "soon"
    assert public_occupancy(occupancy, "let", has_published_offer=True) != "soon"
    assert public_occupancy("vacant", "none", has_published_offer=True, available_from=day) == "vacant"


def seen(table: str, audience: Audience = Audience.PUBLIC, **row: Any) -> dict[str, Any] | None:
    return redact(row, table, audience)


def test_an_offer_is_public_once_published_and_names_the_month_only() -> None:
    offer = {"title": "海湾大厦 8 层", "available_on": date(2027, 3, 17), "withdrawn_at": None}
    assert seen("offers", **offer, published_at=None) is None
    assert seen("offers", **offer, published_at=NOW) == {
        "title": "海湾大厦 8 层",
        "available_on": date(2027, 3, 1),
        "published_at": NOW,
    }
    assert seen("offers", **offer | {"withdrawn_at": NOW}, published_at=NOW) is None
    staff = seen("offers", Audience.STAFF, **offer, published_at=None)
    assert staff is not None
    assert staff["available_on"] == date(2027, 3, 17)


def test_a_unit_tells_the_month_it_comes_free() -> None:
    assert seen("units", label="801", available_on=date(2027, 3, 17), occupancy="tenant") == {
        "label": "801",
        "available_on": date(2027, 3, 1),
    }


def test_a_tenant_is_public_but_the_room_only_by_consent() -> None:
    tenancy = {"enterprise_id": 7, "building_id": 1, "unit_id": 12, "lease_end_on": date(2027, 3, 17)}
    assert seen("tenancies", **tenancy, room_public=False) == {"enterprise_id": 7, "building_id": 1}
    assert seen("tenancies", **tenancy, room_public=True) == {"enterprise_id": 7, "building_id": 1, "unit_id": 12}
    assert seen("tenancies", **tenancy) == {"enterprise_id": 7, "building_id": 1}


def test_an_individual_trader_is_not_named() -> None:
    shop = {"name": "海湾小吃店", "credit_code": "92310000MA1XXXXX0X", "industry_code": "6291"}
    assert seen("enterprises", **shop, is_individual=True) == {"industry_code": "6291", "is_individual": True}
    assert seen("enterprises", **shop, is_individual=False) == {**shop, "is_individual": False}
    assert "name" not in (seen("enterprises", **shop) or {}), "a row that does not say is taken for a trader"


def test_a_contact_is_public_with_consent_only() -> None:
    chief = {"kind": "person", "name": "楼长", "business_phone": "021-5550000", "personal_phone": "13900000000"}
    agency = {"kind": "company", "name": "海湾物业", "business_phone": "021-5550000"}
    assert seen("parties", **chief, contact_consent=False) == {"kind": "person"}
    assert seen("parties", **agency, contact_consent=False) == {"kind": "company", "name": "海湾物业"}
    consented = seen("parties", **chief, contact_consent=True)
    assert consented == {"kind": "person", "name": "楼长", "business_phone": "021-5550000"}


def test_rows_not_publishable_or_withdrawn_are_for_staff() -> None:
    assert seen("buildings", name="海湾大厦", publishable=False) is None
    assert seen("buildings", name="海湾大厦", publishable=True, withdrawn_at=NOW) is None
    assert seen("buildings", Audience.STAFF, name="海湾大厦", publishable=False, withdrawn_at=NOW) is not None
    assert seen("sources", name="测绘数据", publishable=False) is None
    assert seen("sources", name="测绘数据") is None
