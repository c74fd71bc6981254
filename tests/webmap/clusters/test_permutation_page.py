"""A planner has clusters checked by permutation: asks, waits, reads it, sends it on; many who ask share one answer."""

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.clusters.analysis import Question
from geo.clusters.permutation import Draws
from geo.errors import BadParameterError
from tests.factories import create_building, create_enterprise, square
from tests.postgres import CloneMaker
from tests.web import text_of
from webmap import permutation_files
from webmap.cluster_findings import answered
from webmap.cluster_permutations import order as order_check
from webmap.cluster_permutations import work
from webmap.config import Settings
from webmap.database_logins import APP, JOBS, PUBLIC
from webmap.db import Database
from webmap.jobs import run_worker

PATH = "/clusters/permutation"
ASKED = {"permutations": "999", "seed": "7"}
RESULT = "/clusters?permutations=999&seed=7"


@pytest.fixture
def district(session: Session) -> None:
    settle(session)


def settle(session: Session) -> None:
    """Eight by eight towers, a cell apart; finance sits in the nine in one corner."""
    for column, row in np.ndindex(8, 8):
        tower = create_building(session, square(121.40 + column * 0.00263, 31.22 + row * 0.00195))
        gathered = column < 3 and row < 3
        for number in range(6 if gathered else 3):
            group, code = ("finance", "6760") if number and gathered else ("it", "6510")
            create_enterprise(session, tower, industry_group=group, industry_code=code)


def order(client: FlaskClient, query: str = "", visitor: str = "192.0.2.1", **fields: str) -> TestResponse:
    """Somebody sends the form."""
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(PATH).text)
    sent = {"csrf_token": token, **ASKED, **fields}
    return client.post(PATH + query, data=sent, environ_base={"REMOTE_ADDR": visitor})


def waiting(session: Session) -> list[str]:
    """What the worker is to do, by key."""
    rows = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = 'permute_clusters' ORDER BY id"))
    return [row.args["key"] for row in rows]


def done(app: Flask, session: Session) -> None:
    """The worker comes."""
    with app.test_request_context("/clusters"):
        for key in waiting(session):
            work(key)


def test_who_asks_waits_and_reads_how_many_cells_both_ways_agree_on(
    app: Flask, client: FlaskClient, session: Session, district: None
) -> None:
    assert f'href="{PATH}"' in client.get("/clusters").text
    assert "种子" in text_of(client.get(PATH).text)
    asked = order(client)
    assert (asked.status_code, asked.location) == (303, RESULT)
    answer = client.get(RESULT)
    assert (answer.status_code, answer.headers["Refresh"]) == (202, "1")
    assert "正在用置换检验" in text_of(answer.text)
    done(app, session)
    page = client.get(RESULT)
    assert page.status_code == 200
    told = text_of(page.text)
    assert "999 次条件置换，种子 7，最小可得 p 0.002" in told
    [both] = re.findall(r"两种算法都显著 (\d+)", told)
    assert int(both) >= 3
    assert page.text.count("✓") == int(both)


def test_the_file_and_the_features_carry_what_was_found(
    app: Flask, client: FlaskClient, session: Session, district: None
) -> None:
    order(client)
    assert client.get("/clusters.csv?permutations=999&seed=7").status_code == 202
    done(app, session)
    sheet = client.get("/clusters.csv?permutations=999&seed=7").text.removeprefix("\ufeff")
    about, *table = csv.reader(io.StringIO(sheet))
    assert about[-4:] == ["permutations", "999", "seed", "7"]
    rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    features = json.loads(client.get("/clusters.geojson?permutations=999&seed=7").text)
    assert (features["permutations"], features["seed"]) == (999, 7)
    for told in ([row["permuted"] for row in rows], [each["properties"]["permuted"] for each in features["features"]]):
        assert len(told) == len(rows) > 50
        assert told.count("hot") >= 3
    assert all(0 < float(row["permuted_q"]) <= 1 for row in rows)
    assert "permuted" not in client.get("/clusters.csv").text


def test_whoever_asks_the_same_of_the_same_data_shares_one_answer(
    app: Flask, client: FlaskClient, session: Session, district: None
) -> None:
    for visitor in ("192.0.2.1", "192.0.2.2"):
        order(client, visitor=visitor)
    assert len(waiting(session)) == 1
    done(app, session)
    # What does not touch who sits where leaves it.
    session.execute(text("UPDATE layer_versions SET version = version + 1"))
    order(client)
    assert len(waiting(session)) == 1
    assert client.get(RESULT).status_code == 200


def test_the_worker_does_it(
    live_app: Flask, live_database: Database, settings: Settings, clones: CloneMaker, clone: str
) -> None:
    with live_database.new_session() as session, session.begin():
        settle(session)
    browser = live_app.test_client()
    assert order(browser).status_code == 303
    assert browser.get(RESULT).status_code == 202
    app, public, of_jobs = (clones.server.dsn(login, clone) for login in (APP, PUBLIC, JOBS))
    run_worker(replace(settings, database_url=app, database_url_public=public, database_url_jobs=of_jobs), wait=False)
    assert "两种算法都显著" in text_of(browser.get(RESULT).text)


def test_other_data_draws_or_questions_are_asked_anew(
    app: Flask, client: FlaskClient, session: Session, district: None
) -> None:
    order(client)
    done(app, session)
    assert "还没有人算过" in text_of(client.get("/clusters?permutations=999&seed=8").text)
    assert "还没有人算过" in text_of(client.get(f"{RESULT}&rings=2").text)
    create_enterprise(session, create_building(session, square(121.405, 31.26)), industry_group="finance")
    session.execute(text("UPDATE layer_versions SET version = version + 1"))
    assert "还没有人算过" in text_of(client.get(RESULT).text)


def test_reading_a_link_orders_nothing(client: FlaskClient, session: Session, district: None) -> None:
    told = client.get(RESULT)
    assert told.status_code == 200
    assert f'href="{PATH}?permutations=999&amp;seed=7"' in told.text
    assert 'value="999" selected' in client.get(f"{PATH}?permutations=999&seed=7").text
    assert waiting(session) == []


def test_a_visitor_has_few_waiting_and_others_are_not_kept_from_asking(
    app: Flask, client: FlaskClient, session: Session, district: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(seed: int, visitor: str) -> int:
        return order(client, visitor=visitor, seed=str(seed)).status_code

    assert [asked(seed, "192.0.2.1") for seed in range(4)] == [303, 303, 303, 429]
    assert asked(5, "192.0.2.2") == 303
    done(app, session)
    assert asked(6, "192.0.2.1") == 303
    monkeypatch.setattr(permutation_files, "PER_VISITOR_AND_HOUR", 4)
    done(app, session)
    assert asked(7, "192.0.2.1") == 429
    monkeypatch.setattr(permutation_files, "PER_SITE", 0)
    assert asked(8, "192.0.2.3") == 429


def test_who_asked_is_not_written_down(app: Flask, client: FlaskClient, session: Session, district: None) -> None:
    order(client, visitor="192.0.2.17")
    folder = app.extensions["loumap_settings"].data / "permutations"
    kept = [path for path in folder.iterdir() if path.is_file()]
    assert {path.suffix for path in kept} == {".asked", ".told", ".times"}
    assert not [path for path in kept if b"192.0.2.17" in path.read_bytes() or "192.0.2.17" in path.name]


@pytest.mark.parametrize(
    ("query", "sent", "named"),
    [
        ("", {"permutations": "12"}, "999, 9999"),
        ("", {"permutations": "999", "seed": "x"}, "a whole number from 0"),
        ("?rings=0", ASKED, "1, 2, 3"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(
    client: FlaskClient, session: Session, district: None, query: str, sent: dict[str, str], named: str
) -> None:
    answer = order(client, query, **sent)
    assert answer.status_code == 422
    assert named in text_of(answer.text)
    assert waiting(session) == []


def test_only_enterprises_are_checked_since_the_worker_may_not_know_more(
    app: Flask, session: Session, district: None
) -> None:
    with app.test_request_context("/clusters"):
        found = answered(Question("finance"), None)
        assert found is not None
        areas = replace(found, question=replace(found.question, by="area"))
        with pytest.raises(BadParameterError, match="enterprises"):
            order_check(areas, Draws(999), "192.0.2.1")
    assert waiting(session) == []


def test_a_day_is_checked_as_it_was(app: Flask, client: FlaskClient, session: Session, district: None) -> None:
    day = app.extensions["loumap_settings"].today()
    result = order(client, f"?as_of={day}").location
    assert result == f"/clusters?as_of={day}&permutations=999&seed=7"
    done(app, session)
    assert "两种算法都显著" in text_of(client.get(result).text)
    # The day is what it is today: the same data, the same answer.
    assert "两种算法都显著" in text_of(client.get(RESULT).text)


def test_where_no_cell_stands_out_that_is_told_as_well(app: Flask, client: FlaskClient, session: Session) -> None:
    for column in range(12):
        tower = create_building(session, square(121.40 + column * 0.0024, 31.22))
        for group in np.repeat(["finance", "it"], 6):
            create_enterprise(session, tower, industry_group=str(group))
    order(client)
    done(app, session)
    assert "两种算法都显著 0" in text_of(client.get(RESULT).text)


def test_nobody_of_the_industry_means_there_is_nothing_to_check(client: FlaskClient, district: None) -> None:
    assert "没有这个行业" in text_of(client.get(f"{PATH}?industry=A").text)
    assert order(client, "?industry=A").status_code == 404
