"""Plants secrets: one of every public thing with a mark in each column that is not public, and rows nobody may see.

A mark is a word, number or day that occurs nowhere else; whoever finds one in a public answer has found a leak.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from math import asinh, pi, radians, tan
from typing import Any

from geoalchemy2.shape import from_shape
from psycopg.types.range import Range
from shapely import LineString, MultiLineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.importers.report import ImportReport
from geo.model import (
    Base,
    BuildingFact,
    Complex,
    ComplexBuilding,
    Confirmation,
    FieldEdit,
    GroundFeature,
    ImportChange,
    ImportRun,
    OfferUnit,
    Party,
    PartyRole,
    Section,
    Source,
    SourceKey,
    Tenancy,
    TransitLine,
    UnitReshape,
    UnitState,
)
from tests.factories import (
    HERE,
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_figure,
    create_floor,
    create_offer,
    create_report,
    create_source,
    create_target,
    create_unit,
    square,
)
from tests.planted import Planted
from tests.secrets_of_people import plant_people

ELSEWHERE = (121.62, 31.33)
"""Where only hidden things stand: every public tile of it is empty."""

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def plant(session: Session) -> Planted:
    """Plant everything; the rows are flushed, not committed."""
    planted = Planted()
    secret = planted.hide(create_source(session, publishable=False, secrecy="internal"), "a secret source")
    building = planted.home = planted.keep(create_building(session))
    floor = create_floor(session, building)
    unit = planted.keep(create_unit(session, floor))
    _plant_public(session, planted, building, unit)
    _plant_secret_parts(session, planted, building, unit, secret)
    reasons: dict[str, dict[str, Any]] = {
        "not publishable": {"publishable": False, "source_id": secret.id},
        "withdrawn": {"withdrawn_at": NOW},
    }
    for why, how in reasons.items():
        _plant_hidden(session, planted, building, floor, why, how)
    trader = create_enterprise(session, building, is_individual=True)
    planted.hide(trader, "an individual trader")
    _plant_figures(session, planted, building, secret)
    _plant_reports(session, planted)
    plant_people(session, planted, building, unit)
    session.flush()
    for table in Base.metadata.tables.values():
        if "id" in table.columns:
            planted.numbers[table.name] = list(session.scalars(select(table.c.id)))
    return planted


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the Web Mercator tile that holds a position."""
    side, mercator = 2**zoom, asinh(tan(radians(lat)))
    return int((lon + 180) / 360 * side), int((1 - mercator / pi) / 2 * side)


def _plant_public(session: Session, planted: Planted, building: Any, unit: Any) -> None:
    """One of everything that is public, with secrets in the columns that are not."""
    planted.keep(create_area(session))
    planted.keep(create_amenity(session))
    firm = planted.keep(create_enterprise(session, building))
    told = {"unit_id": unit.id, "source_id": unit.source_id}
    tenancy = {"enterprise_id": firm.id, "building_id": building.id, **told}
    session.add(planted.keep(Tenancy(**tenancy)))
    whole = planted.keep(Complex(name="云澜广场", source_id=unit.source_id))
    line = from_shape(MultiLineString([LineString([HERE, (HERE[0] + 0.001, HERE[1])])]), srid=4326)
    water = GroundFeature(kind="water", rank=1, geom=from_shape(square(), srid=4326), source_id=unit.source_id)
    metro = TransitLine(mode="metro", geom=line, source_id=unit.source_id)
    session.add_all([planted.keep(water), planted.keep(metro)])
    podium = Section(building_id=building.id, kind="podium", geom=from_shape(square(), srid=4326), height_m=20)
    podium.source_id = unit.source_id
    session.add_all([whole, planted.keep(podium)])
    session.flush()
    session.add(ComplexBuilding(complex_id=whole.id, building_id=building.id))
    state = UnitState(valid=Range(date(2026, 1, 5), None), occupancy="tenant", contract="talks", **told)
    session.add(planted.keep(state))
    state.rent_unit, state.tenant_id = "cny_m2_day", firm.id
    party = Party(name="海湾物业", business_phone="021-5550000", contact_consent=True, source_id=unit.source_id)
    unasked = Party(kind="person", name="", source_id=unit.source_id)
    unasked.name = planted.word("the name of a person without consent")
    unasked.business_phone = planted.word("a business phone without consent")
    unasked.business_email = planted.word("a business address without consent")
    for each in (party, unasked):
        session.add(planted.keep(each))
        session.flush()
        session.add(PartyRole(party_id=each.id, role="manager", building_id=building.id))
    party.contact_consent, unasked.contact_consent = True, False
    run = planted.keep(ImportRun(source_id=unit.source_id, kind="units", file_name=""))
    run.report = ImportReport(planted.word("import_runs.report"), "units").as_json()
    session.add(run)
    session.flush()
    session.add(planted.keep(ImportChange(run_id=run.id, table_name="units", row_id=unit.id)))
    key = {"table_name": "units", "key": planted.word("source_keys.key")}
    session.add(SourceKey(source_id=unit.source_id, code=planted.word("source_keys.code"), **key))
    edit = FieldEdit(table_name="units", row_id=unit.id, field=planted.word("field_edits.field"))
    edit.before, edit.after = planted.word("field_edits.before"), planted.word("field_edits.after")
    edit.reason, edit.file_value = planted.word("field_edits.reason"), planted.word("field_edits.file_value")
    session.add(edit)
    reshape = UnitReshape(building_id=unit.building_id, kind="split", happened_on=date(2026, 2, 1))
    reshape.reason = planted.word("unit_reshapes.reason")
    reshape.details = {"before": [], "after": [], "told": planted.word("unit_reshapes.details")}
    session.add(reshape)
    session.add(Confirmation(confirmed_on=date(2026, 2, 1), user_id=planted.number("confirmations.user_id"), **told))


def _plant_figures(session: Session, planted: Planted, building: Any, secret: Source) -> None:
    """Tax of a firm and of a building, and targets: one that is public but for its note, and one that is not."""
    firm = create_enterprise(session, building)
    for place in ({"enterprise_id": firm.id}, {"building_id": building.id, "contributors": 7}):
        figure = create_figure(session, source_id=secret.id, value=planted.number("figures.value"), **place)
        figure.note = planted.word("figures.note")
        planted.private_codes.append(figure.code)
        planted.codes_of["figures"].append(figure.code)
    area = create_area(session)
    planted.keep(create_target(session, area, publishable=True))
    value = planted.number("the value of a target that is not published")
    create_target(session, area, source_id=secret.id, value=value)


def _plant_reports(session: Session, planted: Planted) -> None:
    """A published report, one that is frozen for staff, and a draft for the public."""
    shown = create_report(session, state="frozen", number="2025-01", frozen_at=NOW, published_at=NOW)
    planted.keep(shown)
    for how in ({"audience": "staff", "state": "frozen", "number": "2025-02", "frozen_at": NOW}, {}):
        said = planted.word("reports.document of one that is not published")
        hidden = create_report(session, said=said, **how)
        hidden.titles = {tag: planted.word("reports.titles of one that is not published") for tag in hidden.titles}
        planted.hidden_codes.append(hidden.code)
        planted.codes_of["reports"].append(hidden.code)
    session.flush()


def _plant_secret_parts(session: Session, planted: Planted, building: Any, unit: Any, secret: Source) -> None:
    """What a source that is not publishable, or an owner who has not published, says about a public building."""
    unit.state_source_id = secret.id
    shape = from_shape(square(), srid=4326)
    part = {"building_id": building.id, "source_id": secret.id}
    section = planted.hide(Section(kind="tower", geom=shape, height_m=88, **part), "of a secret source")
    session.add(section)
    fact = BuildingFact(fact="lift_count", value=planted.word("a fact of a secret source"), publishable=False, **part)
    session.add(fact)
    whole = planted.hide(Complex(name="", publishable=False, source_id=secret.id), "not publishable")
    agent = Party(kind="company", name="", contact_consent=True, source_id=secret.id)
    agent.business_phone = planted.word("the phone of a party of a secret source")
    session.add_all([whole, planted.hide(agent, "of a secret source")])
    session.flush()
    create_floor(session, building, position=40, section_id=section.id)
    session.add(ComplexBuilding(complex_id=whole.id, building_id=building.id))
    session.add(PartyRole(party_id=agent.id, role="agent", building_id=building.id))
    for what, values in {
        "not published": {"published_at": None},
        "withdrawn": {"published_at": NOW, "withdrawn_at": NOW},
        "of a secret source": {"published_at": NOW, "source_id": secret.id},
    }.items():
        rent = planted.number(f"the rent of an offer that is {what}")
        offer = create_offer(session, unit, rent_low=rent, rent_high=rent, known=Range(NOW, None), **values)
        offer.escalation_pct = planted.number(f"the escalation of an offer that is {what}")
        planted.hide(offer, what)
        beside = _beside(session, building)
        beside.offer_id = offer.id
        session.add(OfferUnit(offer_id=offer.id, unit_id=beside.id))


def _beside(session: Session, building: Any) -> Any:
    """A public unit whose history says it is let, without an offer of its own."""
    unit = create_unit(session, create_floor(session, building, position=next(_positions)), public_status="in_use")
    unit.rent_amount = unit.rent_unit = unit.rent_cny_m2_day = None
    since = {"valid": Range(date(2026, 1, 5), None), "known": Range(NOW, None)}
    session.add(UnitState(unit_id=unit.id, occupancy="tenant", source_id=unit.source_id, **since))
    return unit


def _plant_hidden(session: Session, planted: Planted, building: Any, floor: Any, why: str, how: dict[str, Any]) -> None:
    """Rows that are hidden as a whole: elsewhere, and about the public building."""
    there = square(*ELSEWHERE)
    lone = create_building(session, there, **how)
    made: list[Callable[[], Any]] = [
        lambda: lone,
        lambda: create_building(session, square(*HERE, half=0.0001), **how),
        lambda: create_unit(session, create_floor(session, lone), **how),
        lambda: create_unit(session, floor, **how),
        lambda: create_area(session, there, **how),
        lambda: create_area(session, square(half=0.02), **how),
        lambda: create_amenity(session, *ELSEWHERE, **how),
        lambda: create_amenity(session, *HERE, **how),
        lambda: create_enterprise(session, building, **how),
        lambda: create_enterprise(session, lone, **how),
    ]
    for make in made:
        planted.hide(make(), why)
    source = {"source_id": how.get("source_id", lone.source_id), **how}
    for lon, lat in (ELSEWHERE, HERE):
        line = MultiLineString([LineString([(lon, lat), (lon + 0.001, lat)])])
        water = GroundFeature(kind="water", rank=1, geom=from_shape(square(lon, lat), srid=4326), **source)
        metro = TransitLine(mode="metro", geom=from_shape(line, srid=4326), **source)
        session.add_all([planted.hide(water, why), planted.hide(metro, why)])


_positions = count(2)
