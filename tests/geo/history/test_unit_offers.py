"""What is said at once of the offers of many units is what would be said of one after the other."""

from datetime import date

import pytest
from sqlalchemy import select

from geo.errors import BadParameterError, EditConflictError, NotFoundError
from geo.history import Author, UnitOffer, change_offer, offer_units, publish_offer, withdraw_offer
from geo.model import Offer, OfferUnit
from tests.factories import create_floor, create_source, create_unit

TODAY = date(2026, 11, 22)
NOV_1, NOV_8 = date(2026, 11, 1), date(2026, 11, 8)
TERMS = {"rent_low": 5, "rent_high": 6, "rent_unit": "cny_m2_day"}
DEARER = {"rent_low": 7, "rent_high": 7, "rent_unit": "cny_m2_day"}


@pytest.fixture
def by(session):
    return Author(create_source(session).id, user_id=7)


@pytest.fixture
def units(session):
    floor = create_floor(session)
    return [create_unit(session, floor, label=f"90{n}", rent_amount=None, rent_unit=None) for n in range(6)]


def say(session, by, *said, on=NOV_8):
    offer_units(session, said, on=on, by=by, today=TODAY)
    session.expire_all()


def publish(session, by, *units):
    return [publish_offer(session, [unit.id], TERMS, on=NOV_1, by=by, today=TODAY).offer.id for unit in units]


def versions(session, unit):
    """Every version of the offers of a unit, without their codes and ids."""
    mine = select(OfferUnit.offer_id).where(OfferUnit.unit_id == unit.id)
    return [
        (each.valid.lower, each.valid.upper, each.rent_low, each.known.upper is None, each.withdrawn_at, each.user_id)
        for each in session.scalars(select(Offer).where(Offer.id.in_(mine)).order_by(Offer.id))
    ]


def test_offers_are_published_changed_and_withdrawn_as_one_by_one(session, units, by):
    new, dearer, gone, *alone = units
    seen = publish(session, by, dearer, gone)
    said = UnitOffer(new.id, None, DEARER), UnitOffer(dearer.id, seen[0], DEARER), UnitOffer(gone.id, seen[1], None)
    say(session, by, *said)
    singly = publish(session, by, *alone[1:])
    publish_offer(session, [alone[0].id], DEARER, on=NOV_8, by=by, today=TODAY)
    change_offer(session, singly[0], DEARER, on=NOV_8, by=by, today=TODAY)
    withdraw_offer(session, singly[1], on=NOV_8, by=by, today=TODAY)
    session.expire_all()
    for mine, other in zip((new, dearer, gone), alone, strict=True):
        assert versions(session, mine) == versions(session, other)
        assert (mine.public_status, mine.rent_amount) == (other.public_status, other.rent_amount)
    assert [len(versions(session, unit)) for unit in alone] == [1, 3, 2]


def test_a_unit_that_its_author_offers_already_is_not_offered_twice(session, units, by):
    publish_offer(session, [units[0].id], TERMS, on=NOV_1, by=by, today=TODAY)
    with pytest.raises(BadParameterError, match="900"):
        say(session, by, UnitOffer(units[1].id, None, TERMS), UnitOffer(units[0].id, None, TERMS))


def test_an_offer_that_somebody_has_changed_since_is_refused_with_both_versions(session, units, by):
    seen = publish_offer(session, [units[0].id], TERMS, on=NOV_1, by=by, today=TODAY).offer
    change_offer(session, seen.id, DEARER, on=NOV_1, by=by, today=TODAY)
    with pytest.raises(EditConflictError) as refused:
        say(session, by, UnitOffer(units[0].id, seen.id, None))
    assert (refused.value.seen.rent_low, refused.value.held.rent_low) == (5, 7)


def test_an_offer_of_several_units_is_not_changed_for_one_of_them(session, units, by):
    common = publish_offer(session, [units[0].id, units[1].id], TERMS, on=NOV_1, by=by, today=TODAY).offer
    with pytest.raises(BadParameterError, match="alone"):
        say(session, by, UnitOffer(units[0].id, common.id, None))


def test_an_offer_that_is_not_there_is_named_as_such(session, units, by):
    with pytest.raises(NotFoundError):
        say(session, by, UnitOffer(units[0].id, 999_999, None))
