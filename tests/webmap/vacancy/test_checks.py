"""Staff go and look: a unit is verified with day and photo, and a random sample speaks for all."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Unit, UnitState
from tests.factories import create_building, create_user, square
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import UserRole
from webmap.config import Settings
from webmap.vacancy.check_models import AuditSample, SpotCheck


def photo() -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.effect_noise((700, 500), 90).convert("RGB").save(data, "JPEG", quality=80)
    data.seek(0)
    return data, "door.jpg"


def test_a_check_marks_the_unit_verified_for_everybody(
    clerk: FlaskClient, client: FlaskClient, session: Session, tower, units, settings: Settings
):
    page, today = f"/desk/checks/{tower.code}", settings.today()
    sent = {"unit": units[0].code, "found": "", "checked_on": today.isoformat(), "photo": photo()}
    assert post_form(clerk, page, page, **sent).status_code == 303
    assert f"核实日期 {today.isoformat()}" in text_of(client.get(f"/u/{units[0].code}").text)
    check = session.scalars(select(SpotCheck)).one()
    assert check.as_reported
    picture = clerk.get(f"/desk/checks/photos/{check.id}")
    assert picture.mimetype == "image/jpeg"
    assert client.get(f"/desk/checks/photos/{check.id}").status_code in (302, 303)


def test_what_is_otherwise_becomes_what_is_held(clerk: FlaskClient, session: Session, tower, units, settings: Settings):
    page = f"/desk/checks/{tower.code}"
    post_form(clerk, page, page, unit=units[1].code, found="vacant", checked_on=settings.today().isoformat())
    session.expire_all()
    unit = session.get_one(Unit, units[1].id)
    assert (unit.occupancy, unit.public_status, unit.verified_on) == ("vacant", "vacant", settings.today())
    assert "现场核查" in session.scalars(select(UnitState.verification)).all()
    check = session.scalars(select(SpotCheck)).one()
    assert (check.as_reported, check.found, check.reported["state"]) == (False, "vacant", "in_use")


def test_a_day_to_come_is_refused(clerk: FlaskClient, session: Session, tower, units, settings: Settings):
    page, later = f"/desk/checks/{tower.code}", settings.today() + timedelta(days=1)
    assert post_form(clerk, page, page, unit=units[0].code, checked_on=later.isoformat()).status_code == 422


def test_a_sample_tells_how_many_reports_are_wrong_with_an_interval(
    clerk: FlaskClient, session: Session, tower, units, settings: Settings
):
    answer = post_form(clerk, "/desk/checks", "/desk/checks", area="", margin="0.15")
    sample = session.scalars(select(AuditSample)).one()
    assert (sample.population, len(sample.unit_ids)) == (12, 10)
    page, today = f"/desk/checks/{tower.code}", settings.today().isoformat()
    by_id = {unit.id: unit for unit in units}
    for place, unit_id in enumerate(sample.unit_ids):
        found = "vacant" if place == 0 else ""
        sent = {"unit": by_id[unit_id].code, "found": found, "checked_on": today, "sample": str(sample.id)}
        assert post_form(clerk, page, page, **sent).location == answer.location
    shown = text_of(clerk.get(answer.location).text)
    assert "与报送不符 10%" in shown
    assert "95% 置信区间 1.8% 至 40.4%" in shown
    assert "已看 10 个" in shown


def test_a_sample_of_other_buildings_is_not_for_staff_of_one(app, session: Session, tower, units, settings: Settings):
    other = create_building(session, square(lon=121.6))
    sample = AuditSample(drawn_on=settings.today(), seed=1, population=12, unit_ids=[units[0].id])
    session.add(sample)
    session.flush()
    for name, building, status in (("near", tower, 200), ("far", other, 404)):
        create_user(session, name=name).roles = [UserRole(role="staff", building_id=building.id)]
        session.flush()
        client = app.test_client()
        sign_in(client, name)
        assert client.get(f"/desk/checks/samples/{sample.id}").status_code == status
        assert (f"/desk/checks/samples/{sample.id}" in client.get("/desk/checks").text) is (status == 200)


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000])
def test_a_number_that_none_can_have_is_no_sample(clerk: FlaskClient, tower, units, settings: Settings, number: str):
    page, today = f"/desk/checks/{tower.code}", settings.today().isoformat()
    sent = {"unit": units[0].code, "found": "", "checked_on": today, "sample": number}
    assert post_form(clerk, page, page, **sent).status_code == 303
