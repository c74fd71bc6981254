"""A building finds all it has sent, and staff see the photo that came with a line, and nobody else does."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories import create_building, create_user
from tests.web import post_form, sign_in, text_of
from tests.webmap.vacancy.reporting import report
from webmap.auth.models import UserRole
from webmap.vacancy.models import ReturnLine, ReturnSubmission


def _photo() -> tuple[BytesIO, str]:
    data = BytesIO()
    Image.new("RGB", (900, 600), "#77aa55").save(data, "JPEG")
    data.seek(0)
    return data, "door.jpg"


@pytest.fixture
def line(session, manager, tower, units) -> ReturnLine:
    """A line that waits for a decision."""
    assert report(manager, tower, units[0], state="vacant").status_code == 303
    return session.scalars(select(ReturnLine)).one()


def test_every_sending_is_listed_with_its_number_and_what_it_said(session, manager, tower, line):
    post_form(manager, f"/return/{tower.code}", f"/return/{tower.code}", key="another-key")
    shown = text_of(manager.get(f"/return/{tower.code}/receipts").text)
    for code in session.scalars(select(ReturnSubmission.code)):
        assert f"{code[:4]}-{code[4:]}".upper() in shown
    assert "1 处变化 · 1 处待确认" in shown
    assert "无变化" in shown


def test_a_building_that_never_reported_is_led_to_the_plan(manager, tower):
    page = manager.get(f"/return/{tower.code}/receipts").text
    assert f'href="/return/{tower.code}"' in page


def test_a_photo_stands_beside_its_line_for_staff_and_the_sender_alone(app, session, manager, clerk, client, line):
    receipt, address = f"/return/receipts/{line.submission.code}", f"/return/photos/{line.id}"
    assert manager.get(address).status_code == 404
    assert post_form(manager, receipt, address, photo=_photo()).status_code == 303
    assert "照片已附上" in manager.get(receipt).text
    review = f"/desk/returns/{line.submission.return_id}"
    assert f'href="{address}"' in clerk.get(review).text
    for browser in (manager, clerk):
        answer = browser.get(address)
        assert answer.content_type == "image/jpeg"
        assert Image.open(BytesIO(answer.data)).size == (900, 600)
    other = create_user(session, name="other")
    other.roles = [UserRole(role="manager", building_id=create_building(session).id)]
    session.flush()
    stranger = app.test_client()
    sign_in(stranger, "other")
    assert stranger.get(address).status_code == 403
    assert client.get(address).status_code in (302, 303, 401)


def test_what_is_no_picture_or_comes_too_late_is_refused_in_words(session, manager, clerk, line):
    receipt, address = f"/return/receipts/{line.submission.code}", f"/return/photos/{line.id}"
    post_form(manager, receipt, address, photo=(BytesIO(b"<svg onload='alert(1)'/>"), "x.svg"))
    assert "照片没有收下" in manager.get(receipt).text
    review = f"/desk/returns/{line.submission.return_id}"
    token_page = manager.get(receipt).text
    post_form(clerk, review, review, act="accept")
    assert "附照片" in token_page
    assert "附照片" not in manager.get(receipt).text
    post_form(manager, f"/return/{line.submission.vacancy_return.building.code}", address, photo=_photo())
    assert "已经处理过" in manager.get(receipt).text
    session.expire_all()
    assert line.photo_sha256 is None
