"""Fills a real database with the invented district."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.audit import AuditEntry
from geo.change_triggers import rows_noted_once
from geo.clusters import find_clusters
from geo.crs import local_metric
from geo.db import engine as make_engine
from geo.disclosure import public_occupancy
from geo.errors import SampleExistsError
from geo.history import write_present
from geo.indexes import indexes_after
from geo.model import Building, Enterprise, Offer, Party, Unit
from geo.sample import create_sample, generate, ground_truth
from geo.sample.load import connection_of, load
from geo.sample.stream import GROWING, WEEKLY
from tests.factories import create_unit
from webmap.database_logins import OWNER

AS_KNOWN_NOW = text("""
    SELECT u.id, s.occupancy, s.contract, s.area_m2, s.exists, s.reported_on, s.verified_on,
           (SELECT max(c.confirmed_on) FROM confirmations c WHERE c.unit_id = u.id) AS confirmed_on
    FROM units u JOIN unit_states s ON s.unit_id = u.id
    WHERE s.valid @> CAST(:today AS date) AND upper_inf(s.known)
    ORDER BY u.id""")


@pytest.fixture(scope="module")
def sample(clones, today):
    """A database with the default district, loaded by the login that sets up, and what was said of it."""
    with clones.new() as name:
        engine = make_engine(clones.server.dsn(OWNER, name))
        reports = []
        with Session(engine) as session, session.begin():
            summary = create_sample(session, today=today, progress=lambda *report: reports.append(report))
        with Session(engine) as session:
            yield session, summary, reports
        engine.dispose()


def test_the_district_is_made_and_says_how_fast_it_goes(sample):
    session, summary, reports = sample
    assert summary.rows["buildings"] == 2000 == session.scalar(select(func.count()).select_from(Building))
    assert reports[-1][1] == sum(summary.rows.values())
    assert all(rate > 0 for _, _, rate in reports)
    assert 3000 < session.scalar(select(func.count(Enterprise.building_id))) < 4500


def test_the_present_of_every_unit_is_what_its_history_says(sample, today):
    session, _, _ = sample
    known = {row.id: row for row in session.execute(AS_KNOWN_NOW, {"today": today})}
    offers = {offer.id: offer for offer in session.scalars(select(Offer))}
    units = session.scalars(select(Unit)).all()
    assert set(known) == {unit.id for unit in units}
    for unit in units:
        row, offer = known[unit.id], offers.get(unit.offer_id)
        assert unit.occupancy == row.occupancy
        assert row.exists == (unit.valid.upper is None)
        assert unit.area_m2 == row.area_m2
        assert unit.reported_on == max(filter(None, (row.reported_on, row.confirmed_on)), default=None)
        assert unit.verified_on == row.verified_on
        shown = public_occupancy(row.occupancy, row.contract, offer is not None, offer and offer.available_on)
        assert unit.public_status == shown
        assert (unit.rent_amount, unit.rent_unit, unit.available_on) == (
            (offer.rent_low, offer.rent_unit, offer.available_on) if offer else (None, None, None)
        )


def test_the_writer_of_history_takes_the_same_for_present(sample, today):
    session = sample[0]
    units = session.scalars(select(Unit.id).order_by(Unit.id)).all()
    changed = write_present(session, units, today)
    session.rollback()
    assert (len(units) > 4000, changed) == (True, [])


def test_every_day_of_the_two_years_can_be_asked_for(sample, today):
    """Whatever day is looked at, the units that existed then fill the same houses."""
    session, _, _ = sample
    totals = []
    for weeks in range(0, 100, 7):
        day = today - timedelta(weeks=weeks)
        totals.append(session.execute(
            text("""SELECT sum(area_m2) FILTER (WHERE occupancy = 'vacant') / sum(area_m2) FROM unit_states
                    WHERE valid @> CAST(:day AS date) AND upper_inf(known) AND exists"""), {"day": day},
        ).scalar_one())  # fmt: skip
    assert all(0.05 < share < 0.4 for share in totals)
    assert len(set(totals)) > 10


def test_offers_can_be_asked_about_and_some_cover_several_units(sample):
    session, _, _ = sample
    parties = {party.id: party for party in session.scalars(select(Party))}
    offers = session.scalars(select(Offer)).all()
    assert all(offer.contact_id in parties for offer in offers)
    assert any(parties[offer.contact_id].contact_consent for offer in offers)
    covers = Counter(session.scalars(text("SELECT offer_id FROM offer_units")))
    assert max(covers.values()) > 1


def test_planted_clusters_are_found(sample):
    session, summary, _ = sample
    lon, lat = func.ST_X(Enterprise.geom), func.ST_Y(Enterprise.geom)
    rows = session.execute(select(lon, lat, Enterprise.industry_group).where(Enterprise.geom.is_not(None))).all()
    plane = local_metric([row[0] for row in rows], [row[1] for row in rows])
    x, y = plane.to_metres([row[0] for row in rows], [row[1] for row in rows])
    found = find_clusters(x, y, [row[2] for row in rows])
    assert len(summary.clusters) == 5
    for planted in summary.clusters:
        (east,), (north,) = plane.to_metres([planted.lon], [planted.lat])
        near = [
            cluster for cluster in found
            if cluster.group == planted.industry_group
            and abs(cluster.outline.centroid.x - east) < planted.radius_m
            and abs(cluster.outline.centroid.y - north) < planted.radius_m
        ]  # fmt: skip
        assert near, planted.key


def test_rows_can_be_added_by_hand_afterwards(sample):
    session, _, _ = sample
    unit = create_unit(session)
    assert unit.id > 4000
    session.rollback()


def test_a_second_sample_is_refused_with_a_clear_word(sample, today):
    session, _, _ = sample
    with pytest.raises(SampleExistsError, match="already"):
        create_sample(session, buildings=40, today=today)


def test_the_owner_gets_all_indexes_and_constraints_back_after_a_large_load(clones, today):
    catalogue = text("""SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                        UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
                        WHERE connamespace = 'public'::regnamespace ORDER BY 1""")
    with clones.new() as name:
        engine = make_engine(clones.server.dsn(OWNER, name))
        with Session(engine) as session, session.begin():
            before = session.scalars(catalogue).all()
            connection = connection_of(session)
            with rows_noted_once(connection, list(WEEKLY)), indexes_after(connection, list(GROWING)):
                during = session.scalars(catalogue).all()
                rows = load(connection, generate(2100, today=today))
            assert session.scalars(catalogue).all() == before
            noted = session.execute(select(AuditEntry.table_name, AuditEntry.rows)).all()
        engine.dispose()
    assert len(during) < len(before) - 40
    assert dict(noted).items() >= {table: rows[table] for table in ("buildings", "units", "unit_states")}.items()
    assert len(noted) == len(dict(noted))
    assert rows["buildings"] == 2100


def test_a_larger_city_has_more_clusters_to_be_found():
    assert [len(ground_truth(buildings, 3)) for buildings in (2000, 100_000)] == [5, 11]
