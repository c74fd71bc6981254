"""Windows over HTTP: kept for ever under their version, refused when not understood, never with what is not public."""

import gc
import gzip
import weakref

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.columns import Columns, unpack
from geo.filters import Filters
from geo.window_counts import CityAnswer, Question
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.web import sign_in
from webmap.map.window import Windows

HERE = "bbox=121.4,31.2,121.6,31.3"


def address(client: FlaskClient, query: str = HERE) -> str:
    version = client.get("/api/v1/versions").get_json()["layers"]["state"]
    return f"/state/{version}/window?{query}"


def opened(body: bytes) -> Columns:
    return unpack(gzip.decompress(body))


def test_a_window_is_compressed_kept_for_ever_and_revalidated_for_nothing(
    client: FlaskClient, session: Session
) -> None:
    create_unit(session, create_floor(session, create_building(session, name="云澜大厦")))
    place = address(client)
    response = client.get(place, headers={"Accept-Encoding": "gzip"})
    assert response.mimetype == "application/vnd.loumap.columns"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    found = opened(response.data)
    assert list(found.texts("buildings", "name")) == ["云澜大厦"]
    assert found.header["complete"] is True
    assert unpack(client.get(place).data).header == found.header
    again = client.get(place, headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_another_version_leads_to_the_current_one_with_the_same_question(client: FlaskClient) -> None:
    response = client.get(f"/state/1/window?{HERE}&grade=a")
    assert response.status_code == 307
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(response.headers["Location"]).status_code == 200
    assert "grade=a" in response.headers["Location"]


@pytest.mark.parametrize(
    "query", ["", "bbox=1,2,3", f"{HERE}&beauty=1", f"{HERE}&sort=beauty", f"{HERE}&by=age&only=v10", f"{HERE}&grade=Z"]
)
def test_what_is_not_understood_is_named(client: FlaskClient, query: str) -> None:
    response = client.get(address(client, query))
    assert response.status_code == 422
    assert response.get_json()["parameter"] in ("bbox", "beauty", "sort", "only", "grade")


def test_staff_alone_see_windows_with_internal_lists(client: FlaskClient, session: Session) -> None:
    create_unit(session, create_floor(session, create_building(session, name="内部大厦", publishable=False)))
    create_user(session, "staff", name="clerk")
    place = address(client)
    assert list(unpack(client.get(place).data).texts("buildings", "name")) == []
    inside = place.replace("/state/", "/state/staff/")
    assert client.get(inside).status_code in (401, 403)
    assert sign_in(client, "clerk").status_code == 302
    response = client.get(inside)
    assert response.headers["Cache-Control"].startswith("private, no-store")
    assert list(unpack(response.data).texts("buildings", "name")) == ["内部大厦"]


def test_what_was_asked_of_a_state_goes_with_it(client: FlaskClient, session: Session) -> None:
    windows = client.application.extensions["loumap_windows"][False]
    version = int(address(client).split("/")[2])
    answers = [weakref.ref(remembered(client, windows, grade)) for grade in "ab"]
    assert all(answer() for answer in answers)
    windows.forget_before(version + 1)
    gc.collect()
    assert not any(answer() for answer in answers)
    assert client.get(address(client)).status_code == 200  # a state that is on its way out is still answered from


def remembered(client: FlaskClient, windows: Windows, grade: str) -> CityAnswer:
    """The answer that a question leaves behind."""
    assert client.get(address(client, f"{HERE}&grade={grade}")).status_code == 200
    found = windows._memory._answers.get(Question(Filters(grade=(grade,))))
    assert found is not None
    return found
