"""Somebody who may makes a short link; whoever opens it sees the page as it was sent."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.web import post_form, sign_in, text_of
from webmap.share.models import ShortLink
from webmap.share.tokens import SIGNS, spoken

MAP = "/en/?area_min=500&grade=a&at=31.23000,121.47000,16.5&pitch=55&bearing=-20&floor=3&b={code}"


@pytest.fixture
def unit(session: Session) -> Unit:
    return create_unit(session, create_floor(session, create_building(session)))


def made(client: FlaskClient, to: str, **fields: str) -> str:
    """The token of a new link."""
    answer = post_form(client, f"/share?to={quote(to)}", "/share", to=to, **fields)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location.rsplit("/", 1)[-1]


def test_a_link_opens_the_map_as_it_was_seen(promoter: FlaskClient, tower: Building) -> None:
    seen = MAP.format(code=tower.code)
    token = made(promoter, seen)
    opened = promoter.application.test_client().get(f"/s/{token}")
    assert opened.status_code == 302
    path, _, query = opened.location.partition("?")
    assert path == "/en/"
    assert set(query.split("&")) == {*seen.partition("?")[2].split("&"), f"s={token}"}
    assert opened.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["/b/{tower}?colour=age", "/zh-hant/u/{unit}", "/compare?u={unit}", "/match?area=200",
                                  "/shortlist?u={unit}&n.{unit}=corner%20room"])  # fmt: skip
def test_every_page_with_a_share_button_can_be_linked_to(
    promoter: FlaskClient, tower: Building, unit: Unit, page: str
) -> None:
    seen = page.format(tower=tower.code, unit=unit.code)
    button = re.search(r'data-share-page="[^"]+" href="[^"]+\?to=([^"]+)"', promoter.get(seen).text)
    assert button
    assert unquote(button[1]) == seen
    opened = promoter.get(f"/s/{made(promoter, seen)}")
    shown = promoter.get(opened.location)
    assert opened.location.startswith(seen)
    assert shown.status_code == 200


def test_a_link_is_short_and_can_be_read_out(promoter: FlaskClient, tower: Building) -> None:
    token = made(promoter, f"/b/{tower.code}")
    assert len(f"https://map.some-long-district-name.gov.cn/s/{token}") <= 60
    assert set(token) <= set(SIGNS)
    assert promoter.get(f"/s/{spoken(token).upper()}").location == f"/s/{token}"


def test_a_visitor_gets_the_whole_address_and_its_code(client: FlaskClient, tower: Building) -> None:
    page = client.get(f"/share?to=/b/{tower.code}&utm_source=chat").text
    assert f"http://localhost/b/{tower.code}" in page
    assert "<svg" in page
    assert "做短链接" not in page
    assert client.post("/share", data={"to": "/"}).status_code in (400, 401)


@pytest.mark.parametrize("role", ["manager", "owner", "tax_officer", "evaluator"])
def test_other_roles_make_no_links(client: FlaskClient, session: Session, role: str) -> None:
    create_user(session, role, name="somebody")
    sign_in(client, "somebody")
    assert "做短链接" not in client.get("/share?to=/").text
    assert client.get("/desk/links").status_code == 403


def test_the_maker_renames_ends_and_finds_it_again(promoter: FlaskClient, session: Session, tower: Building) -> None:
    token = made(promoter, f"/b/{tower.code}", name="To Haiyuan", lasts="30")
    own = f"/desk/links/{token}"
    post_form(promoter, own, own, act="save", name="To  Haiyuan Tech ", lasts="7")
    assert "To Haiyuan Tech" in promoter.get("/desk/links").text
    link = session.query(ShortLink).filter_by(token=token).one()
    assert timedelta(days=6) < link.expires_at - datetime.now(UTC) < timedelta(days=8)
    post_form(promoter, own, own, act="withdraw")
    gone = promoter.get(f"/s/{token}")
    assert gone.status_code == 410
    assert "已被收回" in gone.text


def test_links_of_others_are_not_there(promoter: FlaskClient, session: Session) -> None:
    other = create_user(session, "promoter")
    state = {"v": 1, "page": "map", "language": "en", "code": "", "query": ""}
    session.add(ShortLink(token="bbbcccddd", user_id=other.id, name="Not mine", state=state))
    session.flush()
    assert "Not mine" not in promoter.get("/desk/links").text
    assert promoter.get("/desk/links/bbbcccddd").status_code == 404


def test_an_expired_link_says_so(client: FlaskClient, session: Session) -> None:
    state = {"v": 1, "page": "map", "language": "en", "code": "", "query": ""}
    past = datetime(2026, 1, 1, tzinfo=UTC)
    session.add(ShortLink(token="bbbcccddd", name="Old", state=state, expires_at=past))
    session.flush()
    answer = client.get("/s/bbbcccddd")
    assert answer.status_code == 410
    assert "已过期" in answer.text


def test_an_unknown_link_says_so(client: FlaskClient) -> None:
    answer = client.get("/s/zzzzzzzzz")
    assert answer.status_code == 404
    assert "没有这个链接" in answer.text


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"v": 2, "page": "map", "language": "en"},
        {"v": 1, "page": "desk", "language": "en"},
        {"v": 1, "page": "map", "language": "xx", "query": ""},
        {"v": 1, "page": "map", "language": "en", "query": "at=here"},
        {"v": 1, "page": "building", "language": "en", "code": "../../admin"},
    ],
)
def test_a_state_that_nobody_understands_is_answered_in_words(
    client: FlaskClient, session: Session, state: dict[str, object]
) -> None:
    session.add(ShortLink(token="bbbcccddd", name="Bad", state=state))
    session.flush()
    answer = client.get("/s/bbbcccddd")
    assert answer.status_code == 410
    assert "读不出来" in answer.text


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example/",
        "https://evil.example/",
        "/desk",
        "/admin/mails",
        "/b/../x",
        "/?pitch=steep",
        "x",
        f"/?q={'x' * 9000}",
    ],
)
def test_only_pages_of_the_site_are_shared(promoter: FlaskClient, to: str) -> None:
    assert promoter.get(f"/share?to={quote(to)}").status_code == 422
    assert post_form(promoter, "/share?to=/", "/share", to=to).status_code == 422


def test_the_code_is_an_image_of_the_link(promoter: FlaskClient, tower: Building) -> None:
    token = made(promoter, f"/b/{tower.code}")
    assert b"<svg" in promoter.get(f"/s/{token}/qr.svg").data
    image = Image.open(BytesIO(promoter.get(f"/s/{token}/qr.png").data))
    assert image.width == image.height >= 400
    assert promoter.get(f"/share/qr.png?to=/b/{tower.code}").mimetype == "image/png"
    assert promoter.get(f"/share/qr.svg?to=/shortlist?{'u=' + 'x' * 9 + ',' * 3000}").status_code == 422


def test_the_card_of_a_chat_carries_the_name_of_the_link(promoter: FlaskClient, tower: Building) -> None:
    token = made(promoter, f"/en/b/{tower.code}", name="Four floors for Haiyuan")
    page = promoter.get(promoter.get(f"/s/{token}").location).text
    assert '<meta property="og:title" content="Four floors for Haiyuan">' in page
    assert f'<meta property="og:url" content="http://localhost/s/{token}">' in page
    assert 'property="og:description"' in page


def test_a_link_without_a_name_is_called_what_it_shows_in_its_language(promoter: FlaskClient, tower: Building) -> None:
    token = made(promoter, f"/en/b/{tower.code}")
    assert "Yunlan Tower" in promoter.get(f"/desk/links/{token}").text


def test_the_maker_sees_how_often_it_was_opened_and_what_was_looked_at(
    promoter: FlaskClient, tower: Building, unit: Unit
) -> None:
    token = made(promoter, f"/b/{tower.code}")
    app = promoter.application
    person = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"}
    reader = app.test_client()
    led = reader.get(f"/s/{token}", headers=person).location
    reader.get(led, headers=person)
    reader.get(f"/u/{unit.code}", headers={**person, "Referer": f"http://localhost{led}"})
    reader.get(f"/u/{unit.code}", headers={**person, "Referer": f"http://elsewhere.example{led}"})
    reader.get(f"/s/{token}", headers={"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"})
    promoter.get(f"/s/{token}", headers=person)
    app.extensions["loumap_reads"].write()
    told = text_of(promoter.get(f"/desk/links/{token}").text)
    assert "1 次打开，近 30 天" in told
    assert f"云澜大厦 {unit.label} 1 次" in told
    assert "云澜大厦 1 次" in told
