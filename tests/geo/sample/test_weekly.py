"""The weekly returns of the invented towers tell the same as the histories of their units."""

import json
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from geo.disclosure import public_occupancy
from geo.returns.said import state_of
from geo.returns.sampling import draw
from geo.sample.weekly import WEEKS, ZONE, first_week
from tests.geo.sample.conftest import TODAY, Table, tables_of

MIDNIGHT = datetime.combine(TODAY, time(), ZONE)


def _by_id(rows: Table) -> dict:
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def sent(district_rows) -> dict[int, list]:
    """Building → its submissions as (sent at, return, lines)."""
    lines: dict[int, list] = {}
    for line in district_rows["return_lines"]:
        lines.setdefault(line["submission_id"], []).append(line)
    owed, found = _by_id(district_rows["vacancy_returns"]), {}
    for each in district_rows["return_submissions"]:
        of_week = owed[each["return_id"]]
        told = (each["received_at"], of_week, lines.get(each["id"], []))
        found.setdefault(of_week["building_id"], []).append(told)
    return found


def test_every_building_in_use_owes_a_return_for_each_of_the_last_weeks(district_rows):
    asked = {row["id"] for row in district_rows["buildings"] if row["managed"] and row["status"] == "operating"}
    owed = Counter(row["building_id"] for row in district_rows["vacancy_returns"])
    assert owed.keys() == asked and set(owed.values()) == {WEEKS}


def test_what_was_accepted_is_what_the_history_says(district_rows):
    states, names = (
        _by_id(district_rows["unit_states"]),
        {row["id"]: row["name"] for row in district_rows["enterprises"]},
    )
    accepted = [line for line in district_rows["return_lines"] if line["outcome"] == "accepted"]
    assert len(accepted) > 200
    for line in accepted:
        now, before, was = states[line["state_id"]], states[line["seen_id"]], json.loads(line["before"])
        assert line["status"] == state_of(now["occupancy"], now["contract"])
        assert was["state"] == state_of(before["occupancy"], before["contract"])
        assert now["unit_id"] == before["unit_id"] == line["unit_id"]
        assert (line["tenant"] or None) == (names.get(now["tenant_id"]) if line["status"] != "own_use" else None)
        assert now["valid"].startswith(f"[{line['since']}")


def test_what_was_sent_back_or_waits_changed_nothing(district_rows):
    claims = [line for line in district_rows["return_lines"] if line["outcome"] != "accepted"]
    assert Counter(line["outcome"] for line in claims)["waiting"] >= 5
    assert all(line["state_id"] is None for line in claims)
    assert all(line["reason"] for line in claims if line["outcome"] == "rejected")
    present = {row["id"] for row in district_rows["unit_states"] if row["known"].endswith(",)")}
    assert all(line["seen_id"] in present for line in claims if line["outcome"] == "waiting")


def test_whatever_was_confirmed_lately_was_sent(district_rows, sent):
    building_of = {row["id"]: row["building_id"] for row in district_rows["units"]}
    operating = {row["id"] for row in district_rows["buildings"] if row["status"] == "operating"}
    days = {
        (building, owed["decided_at"].date() if owed["decided_at"] else at.date())
        for building, told in sent.items()
        for at, owed, _ in told
    }
    lately = [row for row in district_rows["confirmations"] if row["confirmed_on"] >= first_week(TODAY)]
    found = {(building_of[row["unit_id"]], row["confirmed_on"]) for row in lately}
    assert len(found) > 200
    assert {each for each in found if each[0] in operating} <= days


def test_some_come_in_time_some_late_and_some_never(district_rows, sent):
    first: dict = {}
    for building, told in sent.items():
        for at, owed, _ in told:
            key = building, owed["week"]
            first[key] = min(at, first.get(key, at))
    over = [row for row in district_rows["vacancy_returns"] if row["due_at"] < MIDNIGHT]
    came = Counter(
        "missing" if (at := first.get((row["building_id"], row["week"]))) is None
        else "in time" if at <= row["due_at"] else "late"
        for row in over
    )  # fmt: skip
    assert came["in time"] > came["missing"] > 20 and came["late"] > 10
    states = Counter(row["state"] for row in district_rows["vacancy_returns"])
    assert states["received"] == 5 and states["rejected"] == 2 and states["accepted"] > 250


def test_nothing_is_said_to_have_happened_that_is_still_to_come(district_rows):
    for table, columns in {
        "return_submissions": ("received_at",), "vacancy_returns": ("received_at", "decided_at"),
        "spot_checks": ("created_at",), "audit_samples": ("created_at",),
    }.items():  # fmt: skip
        for row in district_rows[table]:
            assert all(row[column] is None or row[column] < MIDNIGHT for column in columns), table
    assert all(date.fromisoformat(str(row["day"])) < TODAY for row in district_rows["page_reads"])
    known = [row["known"].strip("[)").split(",") for row in district_rows["unit_states"]]
    assert max(datetime.fromisoformat(low) for low, _ in known) < MIDNIGHT


def test_what_was_seen_on_the_spot_is_verified_with_that_day(district_rows):
    units = _by_id(district_rows["units"])
    checks = district_rows["spot_checks"]
    assert all(units[check["unit_id"]]["verified_on"] == check["checked_on"] for check in checks)
    for check in (each for each in checks if not each["as_reported"]):
        unit, said = units[check["unit_id"]], json.loads(check["reported"])["state"]
        assert check["found"] != said
        assert unit["public_status"] in (public_occupancy(*_held(check["found"])), "soon")


def test_the_random_sample_can_be_drawn_again(district_rows):
    (drawn,) = district_rows["audit_samples"]
    operating = {row["id"] for row in district_rows["buildings"] if row["status"] == "operating"}
    here = [
        row["id"] for row in district_rows["units"] if row["valid"].endswith(",)") and row["building_id"] in operating
    ]
    chosen = [int(text) for text in drawn["unit_ids"].strip("{}").split(",")]
    assert drawn["population"] == len(here)
    assert draw(here, len(chosen), drawn["seed"]) == chosen
    seen = [check for check in district_rows["spot_checks"] if check["sample_id"] == drawn["id"]]
    assert 0.6 * len(chosen) < len(seen) < len(chosen)
    assert {check["unit_id"] for check in seen} <= set(chosen)


def test_a_larger_city_does_not_have_more_of_it(district_rows, city_rows):
    for table in ("vacancy_returns", "return_submissions", "return_lines", "spot_checks", "page_reads"):
        assert len(city_rows[table]) == len(district_rows[table]) > 0


def test_on_a_monday_nothing_of_the_week_has_come_yet(monkeypatch):
    monkeypatch.setattr("tests.geo.sample.conftest.TODAY", TODAY + timedelta(days=2))
    rows = tables_of(60)
    monday = TODAY + timedelta(days=2)
    assert {row["state"] for row in rows["vacancy_returns"] if row["week"] == monday} == {"open"}
    assert any(row["state"] == "received" for row in rows["vacancy_returns"])


def _held(state: str) -> tuple[str, str]:
    return {"vacant": ("vacant", "none"), "in_use": ("tenant", "let"), "own_use": ("own_use", "none")}[state]
