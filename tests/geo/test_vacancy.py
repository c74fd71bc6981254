"""Vacancy rates: known vacant over leasable, with the unknown share beside it."""

from decimal import Decimal

from geo.vacancy import total_vacancy, vacancy_of


def test_the_rate_is_known_vacant_area_over_the_stated_leasable_area():
    found = vacancy_of([("vacant", Decimal(100)), ("in_use", Decimal(900))], Decimal(1000))
    assert (found.rate, found.unknown_share, found.base) == (Decimal("0.1"), 0, "leasable")


def test_what_nobody_reported_is_unknown_and_not_let():
    found = vacancy_of([("vacant", Decimal(100)), ("unknown", Decimal(200)), ("in_use", Decimal(300))], Decimal(1000))
    assert found.unknown_share == Decimal("0.6")


def test_without_a_stated_area_the_listed_units_are_the_base():
    found = vacancy_of([("vacant", Decimal(100)), ("in_use", Decimal(300))], None)
    assert (found.rate, found.base) == (Decimal("0.25"), "units")


def test_a_stated_area_smaller_than_its_units_is_not_taken_as_base():
    found = vacancy_of([("vacant", Decimal(600)), ("in_use", Decimal(600))], Decimal(1000))
    assert (found.rate, found.base) == (Decimal("0.5"), "units")


def test_soon_available_space_is_not_vacant_yet():
    found = vacancy_of([("soon", Decimal(100)), ("in_use", Decimal(100))], None)
    assert (found.rate, found.soon_m2) == (0, Decimal(100))


def test_units_without_area_are_counted_apart_and_leave_no_rate_alone():
    found = vacancy_of([("vacant", None)], None)
    assert (found.rate, found.unknown_share, found.area_unknown, found.vacant_units) == (None, None, 1, 1)


def test_the_rate_of_an_area_weighs_buildings_by_their_size():
    small = vacancy_of([("vacant", Decimal(100))], Decimal(100))
    large = vacancy_of([("in_use", Decimal(900))], None)
    together = total_vacancy([small, large])
    assert (together.rate, together.base, together.vacant_units) == (Decimal("0.1"), "mixed", 1)
