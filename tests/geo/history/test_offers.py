"""Offers keep every version, and who promises a unit is told who else does."""

from datetime import date

import pytest
from sqlalchemy import func, select

from geo.errors import BadParameterError, EditConflictError, NotFoundError, UnknownFieldError
from geo.history import Author, change_offer, publish_offer, rivals_of, withdraw_offer
from geo.history.offers import offer_history
from geo.history.present import write_due
from geo.model import Offer, OfferUnit
from tests.factories import create_source, create_unit

TODAY = date(2026, 11, 22)
NOV_1, NOV_8 = date(2026, 11, 1), date(2026, 11, 8)
TERMS = {"rent_low": 5, "rent_high": "5.5", "rent_unit": "cny_m2_day", "fitout": "full", "title": "江景"}


@pytest.fixture
def by(session):
    return Author(create_source(session).id, user_id=7)


@pytest.fixture
def unit(session):
    return create_unit(session, rent_amount=None, rent_unit=None, rent_cny_m2_day=None, fitout=None)


def publish(session, by, *units, on=NOV_1, **terms):
    return publish_offer(session, [unit.id for unit in units], TERMS | terms, on=on, by=by, today=TODAY)


def spans(session, code, *, now=True):
    """The versions of an offer: (from, until, lowest rent)."""
    return [
        (version.valid.lower, version.valid.upper, version.rent_low)
        for version in offer_history(session, code)
        if not now or version.known.upper is None
    ]


def test_an_offer_is_published_and_gives_the_unit_its_rent(session, unit, by):
    published = publish(session, by, unit)
    offer = published.offer
    assert (offer.user_id, offer.written_by, offer.published_at is not None) == (7, 7, True)
    assert published.rivals == []
    assert (unit.offer_id, unit.rent_amount, unit.rent_cny_m2_day, unit.fitout) == (offer.id, 5, 5.0, "full")


def test_new_terms_hold_from_their_day_under_the_same_code(session, unit, by):
    first = publish(session, by, unit).offer
    second = change_offer(session, first.id, {"rent_low": "4.2"}, on=NOV_8, by=by, today=TODAY).offer
    assert second.code == first.code
    assert second.published_at == first.published_at
    assert [(*span[:2], float(span[2])) for span in spans(session, first.code)] == [
        (NOV_1, NOV_8, 5),
        (NOV_8, None, 4.2),
    ]
    assert len(spans(session, first.code, now=False)) == 3
    assert (unit.offer_id, float(unit.rent_amount)) == (second.id, 4.2)


def test_a_correction_from_the_first_day_replaces_the_version(session, unit, by):
    first = publish(session, by, unit).offer
    change_offer(session, first.id, {"rent_low": 4}, on=NOV_1, by=Author(by.source_id, 8), today=TODAY)
    assert spans(session, first.code) == [(NOV_1, None, 4)]
    version = offer_history(session, first.code)[-1]
    assert (version.user_id, version.written_by) == (7, 8)


def test_a_withdrawn_offer_stood_until_that_day(session, unit, by):
    first = publish(session, by, unit).offer
    ended = withdraw_offer(session, first.id, on=NOV_8, by=Author(by.source_id, 9), today=TODAY)
    assert (ended.valid.upper, ended.written_by) == (NOV_8, 9)
    assert (unit.offer_id, unit.rent_amount, unit.public_status) == (None, None, "vacant")


def test_an_offer_withdrawn_on_its_first_day_never_stood(session, unit, by):
    first = publish(session, by, unit).offer
    ended = withdraw_offer(session, first.id, on=NOV_1, by=by, today=TODAY)
    assert ended.withdrawn_at is not None
    with pytest.raises(NotFoundError):
        withdraw_offer(session, ended.id, on=NOV_8, by=by, today=TODAY)


def test_an_offer_with_a_last_day_ends_by_itself(session, unit, by):
    publish(session, by, unit, valid_until=date(2026, 11, 30))
    assert write_due(session, date(2026, 11, 30)) == 0
    assert write_due(session, date(2026, 12, 1)) == 1
    assert unit.offer_id is None


def test_two_who_promise_the_same_unit_are_told_of_each_other(session, unit, by):
    other = Author(create_source(session).id, user_id=8)
    first = publish(session, by, unit).offer
    second = publish(session, other, unit)
    (rival,) = second.rivals
    assert (rival.offer_id, rival.user_id, rival.unit_label) == (first.id, 7, unit.label)
    assert rival.promised_at == first.published_at < second.offer.published_at
    (seen,) = rivals_of(session, first, TODAY)
    assert (seen.offer_id, seen.promised_at) == (second.offer.id, second.offer.published_at)
    later = change_offer(session, first.id, {"rent_low": 4}, on=NOV_8, by=by, today=TODAY)
    assert [rival.code for rival in later.rivals] == [second.offer.code]
    assert rivals_of(session, session.get_one(Offer, second.offer.id), TODAY)[0].promised_at == first.published_at


def test_a_sale_is_no_rival_of_a_lease_nor_an_ended_offer_of_a_new_one(session, unit, by):
    other = Author(create_source(session).id, user_id=8)
    sold = publish(session, other, unit, kind="sale").offer
    assert publish(session, by, unit).rivals == []
    withdraw_offer(session, sold.id, on=NOV_8, by=other, today=TODAY)
    assert publish(session, by, unit, kind="sale", on=TODAY).rivals == []


def test_a_unit_joins_an_offer_and_counts_as_promised_from_then_on(session, unit, by):
    beside = create_unit(session, building_id=unit.building_id, floor_id=unit.floor_id)
    first = publish(session, by, unit).offer
    both = change_offer(session, first.id, {}, on=NOV_8, by=by, today=TODAY, unit_ids=[unit.id, beside.id]).offer
    covered = select(OfferUnit.unit_id).where(OfferUnit.offer_id == both.id)
    assert set(session.scalars(covered)) == {unit.id, beside.id}
    other = publish(session, Author(create_source(session).id), beside)
    assert other.rivals[0].promised_at > first.published_at


def test_the_second_writer_of_an_offer_is_shown_both(session, unit, by):
    first = publish(session, by, unit).offer
    change_offer(session, first.id, {"rent_low": 4}, on=NOV_8, by=by, today=TODAY)
    for act in (
        lambda: change_offer(session, first.id, {"rent_low": 3}, on=NOV_8, by=by, today=TODAY),
        lambda: withdraw_offer(session, first.id, on=NOV_8, by=by, today=TODAY),
    ):
        with pytest.raises(EditConflictError) as refused:
            act()
        assert (refused.value.seen.rent_low, refused.value.held.rent_low) == (5, 4)


def test_what_cannot_be_offered_is_an_error_that_names_it(session, unit, by):
    elsewhere = create_unit(session)
    publish(session, by, unit)
    with pytest.raises(BadParameterError, match="do not offer yet"):
        publish(session, by, unit)
    with pytest.raises(BadParameterError, match="one building"):
        publish(session, by, unit, elsewhere)
    with pytest.raises(BadParameterError, match="rent_high"):
        publish(session, by, elsewhere, rent_low=9)
    with pytest.raises(BadParameterError, match="valid_until"):
        publish(session, by, elsewhere, valid_until=date(2026, 10, 1))
    with pytest.raises(UnknownFieldError, match="colour"):
        publish(session, by, elsewhere, colour="red")
    with pytest.raises(NotFoundError, match="party 999999"):
        publish(session, by, elsewhere, contact_id=999999)
    assert session.scalar(select(func.count()).select_from(Offer)) == 1
