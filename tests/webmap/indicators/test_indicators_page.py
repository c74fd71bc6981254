"""A planner reads the figures of an area, follows each to what it rests on, and carries the tables away."""

import csv
import io
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.indicators import indicators
from geo.model import Building
from tests.factories import create_area, create_building, create_enterprise, create_user, square
from tests.geo.indicators.lives import unit_with
from tests.web import sign_in, text_of
from webmap.auth.models import UserRole

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def towers(session: Session) -> list[Building]:
    """Two towers in one street, one beyond it; 600 of 2,000 m² are let."""
    create_area(session, code="street01", name="江湾街道")
    found = [
        create_building(session, square(lon), name=name, leasable_area_m2=1000, status=status)
        for lon, name, status in (
            *((121.47, "云澜大厦", "operating"), (121.475, "澄光大厦", "operating")),
            (121.6, "远处大厦", "operating"),
        )
    ]
    for tower, area in zip(found, (500, 100, 900), strict=True):
        unit_with(session, tower, [("tenant", LONG_AGO, None)], area)
        create_enterprise(session, tower, registered_address="某市外区", employees=7)
    return found


def test_the_page_tells_every_public_indicator_of_the_area_with_what_is_not_known(
    client: FlaskClient, towers: list[Building]
) -> None:
    page = client.get("/indicators?area=street01").text
    told = text_of(page)
    assert [each.name for each in indicators() if each.confidentiality == "public" and each.name not in told] == []
    assert "企业入驻率 当日 30% 未知 70%" in told
    assert "2 幢" in told
    assert 'href="/indicators/occupancy_rate?area=street01"' in page


def test_one_indicator_shows_its_formula_with_the_numbers_and_its_buildings_ranked(
    client: FlaskClient, towers: list[Building]
) -> None:
    told = text_of(client.get("/indicators/occupancy_rate?area=street01").text)
    assert "已使用面积 600 m² ÷ 可租售面积 2,000 m² = 企业入驻率 30%" in told
    assert told.index("1 云澜大厦 50%") < told.index("2 澄光大厦 10%")
    assert "远处大厦" not in told
    everything = text_of(client.get("/indicators/occupancy_rate").text)
    assert "江湾街道 街道 2 30%" in everything
    assert "1 远处大厦 90%" in everything


def test_staff_of_the_area_see_what_visitors_do_not(
    client: FlaskClient, session: Session, towers: list[Building]
) -> None:
    area = create_area(session, code="beyond01", name="远郊街道", outline=square(121.6, half=0.01).geoms[0])
    user = create_user(session, name="wang")
    session.add(UserRole(user_id=user.id, role="staff", area_id=area.id))
    session.flush()
    assert client.get("/indicators/employees?area=beyond01").status_code == 404
    sign_in(client, "wang")
    assert "7 人" in text_of(client.get("/indicators/employees?area=beyond01").text)
    assert "从业人数" not in text_of(client.get("/indicators?area=street01").text)
    assert client.get("/indicators/employees?area=street01").status_code == 404
    assert client.get("/indicators/employees.csv").status_code == 404


@pytest.mark.parametrize("path", ["/indicators", "/en/indicators", "/zh-hant/indicators/vacancy_rate"])
def test_the_pages_are_there_in_three_languages_before_there_is_anything(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("area=nowhere", "street01 (江湾街道)"),
        ("as_of=never", "a date such as 2026-03-31"),
        ("as_of=2999-01-01", "a day up to today"),
        ("known_at=<b>", "an instant"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(
    client: FlaskClient, towers: list[Building], query: str, named: str
) -> None:
    for path in ("/indicators", "/indicators/vacancy_rate", "/indicators.csv", "/indicators/vacancy_rate.csv"):
        answer = client.get(f"{path}?{query}")
        assert 400 <= answer.status_code < 500
        assert named in text_of(answer.text)
        assert "<b>" not in answer.text
    assert client.get("/indicators/no_such_thing").status_code == 404


def test_the_files_have_the_numbers_of_the_pages(client: FlaskClient, towers: list[Building]) -> None:
    about, head, *rows = csv.reader(
        io.StringIO(client.get("/indicators.csv?area=street01").text.removeprefix("\ufeff"))
    )
    assert about[0] == "# as_of"
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert [found["occupancy_rate"][name] for name in ("value", "numerator", "denominator")] == ["0.3", "600", "2000"]
    text = client.get("/indicators/occupancy_rate.csv?area=street01").text
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line[1:3] for line in lines[2:]] == [["云澜大厦", "0.5"], ["澄光大厦", "0.1"]]
