"""Errors are answered by one table: problem documents for programs, pages for people."""

import inspect

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo import errors as geo_errors
from geo.errors import BadParameterError, LouMapError, NotFoundError
from webmap import errors
from webmap.permissions import needs


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """A client of an app with routes that fail in every way."""
    faults = {
        "parameter": BadParameterError("area_min", "x", "a number"),
        "missing": NotFoundError(),
        "many": errors.TooManyAttemptsError(90),
        "past": errors.PreparingError(3, 6),
        "fault": RuntimeError("the password is geheim"),
        "unlisted": LouMapError("the table units_secret is broken"),
    }

    @needs("public")
    def fail(kind: str) -> str:
        raise faults[kind]

    app.add_url_rule("/api/fail/<kind>", "fail_api", fail)
    app.add_url_rule("/fail/<kind>", "fail_page", fail)
    app.testing = False
    return app.test_client()


def test_a_wrong_parameter_is_named_with_what_is_allowed(failing: FlaskClient) -> None:
    answer = failing.get("/api/fail/parameter")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert (problem["parameter"], problem["allowed"], problem["status"]) == ("area_min", "a number", 422)
    assert problem["title"] == "Unprocessable Entity"
    assert "area_min='x'" in problem["detail"]


@pytest.mark.parametrize("kind", ["fault", "unlisted"])
@pytest.mark.parametrize("place", ["/api/fail", "/fail"])
def test_a_fault_of_ours_is_not_explained(failing: FlaskClient, place: str, kind: str) -> None:
    answer = failing.get(f"{place}/{kind}")
    assert answer.status_code == 500
    assert "geheim" not in answer.text
    assert "units_secret" not in answer.text
    assert "Traceback" not in answer.text


def test_who_tried_too_often_is_told_when_to_come_back(failing: FlaskClient) -> None:
    answer = failing.get("/fail/many")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"
    assert "<html" in answer.text


def test_a_missing_page_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "找不到这个页面" in answer.text
    assert 'lang="zh-Hans"' in answer.text


def test_a_missing_page_speaks_traditional_characters(client: FlaskClient) -> None:
    assert "找不到這個頁面" in client.get("/zh-hant/nothing/here").text


def test_a_missing_api_address_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


def test_an_error_is_never_kept_by_a_cache(client: FlaskClient) -> None:
    assert client.get("/nothing/here").cache_control.no_store


def test_the_table_knows_only_errors_that_there_are() -> None:
    assert all(issubclass(kind, LouMapError) for kind in errors.STATUS)
    known = {kind for _, kind in inspect.getmembers(geo_errors, inspect.isclass)}
    assert {kind for kind in errors.STATUS if kind.__module__ == "geo.errors"} <= known


def test_an_upload_over_the_limit_is_refused(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = app.test_client().post("/login", data={"name": "x" * 5000})
    assert answer.status_code == 413


def test_who_opens_a_past_that_is_being_prepared_sees_how_far_it_is_and_the_page_asks_again(
    failing: FlaskClient,
) -> None:
    page, problem = failing.get("/fail/past?as_of=2026-03-01"), failing.get("/api/fail/past")
    assert (page.status_code, page.headers["Refresh"], page.headers["Cache-Control"]) == (503, "2", "no-store")
    assert "第 4 步，共 6 步" in page.text
    assert '<progress max="6" value="3"' in page.text
    assert 'href="/fail/past?as_of=2026-03-01"' in page.text
    assert (problem.status_code, problem.headers["Retry-After"], problem.get_json()["preparing"]) == (503, "2", "3/6")
    assert "Refresh" not in problem.headers
