"""Programs get the numbers of the pages of indicators with all that they rest on, and no more than the pages show."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.indicators import indicators
from tests.factories import create_area, create_building, create_enterprise, create_target, create_user, square
from tests.geo.indicators.lives import unit_with
from tests.web import sign_in
from webmap.api.indicator_schemas import IndicatorAnswer, IndicatorsAnswer
from webmap.auth.models import UserRole


@pytest.fixture
def street(session: Session) -> None:
    """Two towers in one street; 600 of 2,000 m² are let, and the plan asks for 40 %."""
    area = create_area(session, code="street01", name="江湾街道")
    for lon, name, let in ((121.47, "云澜大厦", 500), (121.475, "澄光大厦", 100)):
        tower = create_building(session, square(lon), name=name, leasable_area_m2=1000)
        unit_with(session, tower, [("tenant", date(2024, 1, 1), None)], let)
        create_enterprise(session, tower, registered_address="某市外区", employees=7)
    create_target(session, area, indicator="occupancy_rate", value=0.4, year=None, publishable=True)


def test_the_list_has_every_public_indicator_with_its_definition_and_parts(client: FlaskClient, street: None) -> None:
    found = IndicatorsAnswer.model_validate(client.get("/api/v1/indicators?area=street01").get_json())
    assert found.area is not None
    assert (found.area.code, found.buildings) == ("street01", 2)
    public = [each.code for each in indicators() if each.confidentiality == "public"]
    assert [each.code for each in found.items] == public
    rate = next(each for each in found.items if each.code == "occupancy_rate")
    assert (rate.value, rate.numerator, rate.denominator, rate.unknown_share) == (0.3, 600, 2000, 0.7)
    assert rate.definition.startswith("当日已使用面积")
    assert [(term.measure, term.value, term.of) for term in rate.terms] == [
        ("occupied_m2", 600, ["numerator"]),
        ("base_m2", 2000, ["denominator", "unknown_in"]),
        ("unknown_m2", 1400, ["unknown"]),
    ]


def test_one_indicator_has_its_course_its_target_and_what_places_give_to_it(client: FlaskClient, street: None) -> None:
    found = IndicatorAnswer.model_validate(client.get("/api/v1/indicators/occupancy_rate?area=street01").get_json())
    assert [(each.building.name, each.value, each.numerator, each.denominator) for each in found.buildings] == [
        ("云澜大厦", 0.5, 500, 1000),
        ("澄光大厦", 0.1, 100, 1000),
    ]
    assert found.trend[-1].value == 0.3
    assert found.target is not None
    assert (found.target.value, found.target.light) == (0.4, "missed")
    whole = IndicatorAnswer.model_validate(client.get("/api/v1/indicators/occupancy_rate?limit=1").get_json())
    assert [(each.area.code, each.whole, each.value) for each in whole.areas] == [("street01", True, 0.3)]
    assert (len(whole.buildings), whole.buildings_ranked) == (1, 2)


def test_who_has_it_already_is_not_sent_it_again(client: FlaskClient, street: None) -> None:
    for path in ("/api/v1/indicators", "/api/v1/indicators/vacancy_rate"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


def test_what_staff_alone_may_see_is_for_staff_of_the_place(
    client: FlaskClient, session: Session, street: None
) -> None:
    assert client.get("/api/v1/indicators/employees").status_code == 404
    user = create_user(session, name="wang")
    session.add(UserRole(user_id=user.id, role="staff"))
    session.flush()
    sign_in(client, "wang")
    answer = client.get("/api/v1/indicators/employees")
    assert answer.get_json()["figure"]["value"] == 14
    assert "private" in answer.headers["Cache-Control"]


def test_nonsense_is_answered_in_words(client: FlaskClient, street: None) -> None:
    for query in ("area=nowhere", "as_of=never", "known_at=x"):
        assert client.get(f"/api/v1/indicators?{query}").status_code == 422
    assert client.get("/api/v1/indicators/vacancy_rate?limit=0").status_code == 422
    assert client.get("/api/v1/indicators/no_such_thing").status_code == 404


def test_the_document_tells_of_indicators(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    asked = {each["name"] for each in paths["/api/v1/indicators/{code}"]["get"]["parameters"]}
    assert {"code", "area", "as_of", "known_at", "limit"} <= asked
    assert "/api/v1/indicators" in paths
