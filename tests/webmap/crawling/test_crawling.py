"""What search engines read: which pages there are, in which languages, since when; and what is not for them."""

import re
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import create_area, create_building, create_floor, create_source, create_unit, square

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session, updated_at=datetime(2026, 11, 1, 20, tzinfo=UTC))


def addresses(client: FlaskClient, part: str) -> list[str]:
    """The addresses of a part, without the host."""
    tree = ElementTree.fromstring(client.get(f"/sitemaps/{part}.xml").data)
    return [str(each.text).removeprefix("http://localhost") for each in tree.iter(f"{MAP}loc")]


def test_the_index_names_parts_that_are_there(client: FlaskClient, session: Session, tower: Building) -> None:
    create_unit(session, create_floor(session, tower))
    create_area(session)
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    named = [str(each.text) for each in ElementTree.fromstring(answer.data).iter(f"{MAP}loc")]
    parts = [name.rsplit("/", 1)[1].removesuffix("-1.xml") for name in named]
    assert parts == ["pages", "buildings", "units", "areas"]
    assert all(client.get(name.removeprefix("http://localhost")).status_code == 200 for name in named)


def test_every_address_of_a_sitemap_opens_and_calls_itself_so(
    client: FlaskClient, session: Session, tower: Building
) -> None:
    create_unit(session, create_floor(session, tower))
    create_area(session)
    for part in ("pages-1", "buildings-1", "units-1", "areas-1"):
        found = addresses(client, part)
        assert found
        for path in found:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert f'<link rel="canonical" href="http://localhost{path}">' in answer.text


def test_a_page_names_the_same_page_in_the_other_languages_and_its_last_change(
    client: FlaskClient, tower: Building
) -> None:
    tree = ElementTree.fromstring(client.get("/sitemaps/buildings-1.xml").data)
    url = next(each for each in tree if each[0].text == f"http://localhost/en/b/{tower.code}")
    links = {link.attrib["hreflang"]: link.attrib["href"] for link in url.iter(LINK)}
    assert links == {
        "zh-Hans": f"http://localhost/b/{tower.code}",
        "en": f"http://localhost/en/b/{tower.code}",
        "zh-Hant": f"http://localhost/zh-hant/b/{tower.code}",
        "x-default": f"http://localhost/b/{tower.code}",
    }
    assert url.findtext(f"{MAP}lastmod") == "2026-11-02"  # in the time zone of the district


def test_only_what_is_public_and_to_be_had_is_named(client: FlaskClient, session: Session, tower: Building) -> None:
    floor, secret = create_floor(session, tower), create_source(session, publishable=False)
    free, taken = create_unit(session, floor), create_unit(session, floor, public_status="in_use")
    hidden = create_building(session, square(lon=121.5), source_id=secret.id, publishable=False)
    assert addresses(client, "units-1") == [f"{prefix}/u/{free.code}" for prefix in ("", "/en", "/zh-hant")]
    assert not any(hidden.code in path for path in addresses(client, "buildings-1"))
    assert taken.code not in client.get("/sitemaps/units-1.xml").text


def test_many_pages_make_several_parts(
    client: FlaskClient, session: Session, tower: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = create_floor(session, tower)
    codes = [create_unit(session, floor).code for _ in range(5)]
    monkeypatch.setattr("webmap.crawling.operations.PER_PART", 2)
    assert client.get("/sitemap.xml").text.count("/sitemaps/units-") == 3
    found = [path for part in (1, 2, 3) for path in addresses(client, f"units-{part}")]
    assert [path.rsplit("/", 1)[1] for path in found[::3]] == codes


@pytest.mark.parametrize("part", ["units-2", "units-0", "secrets-1"])
def test_a_part_that_is_not_there_is_not_found(client: FlaskClient, tower: Building, part: str) -> None:
    assert client.get(f"/sitemaps/{part}.xml").status_code == 404


def test_robots_open_all_public_pages_and_close_forms_and_exports(client: FlaskClient, tower: Building) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse([line for line in answer.text.splitlines() if line != "Allow: /"])
    for prefix in ("", "/en", "/zh-hant"):
        for path in ("/", f"/b/{tower.code}", "/match", "/compare", "/about", "/?area_min=100"):
            assert robots.can_fetch("anybot", prefix + path)
        for path in ("/inquiries/new?building=x", "/alerts/new", "/login", "/feeds/units.atom", "/admin/mails"):
            assert not robots.can_fetch("anybot", prefix + path)
    assert not robots.can_fetch("anybot", "/api/v1/units.csv")
    assert "Sitemap: http://localhost/sitemap.xml" in answer.text


@pytest.mark.parametrize("path", ["/", "/en/match", "/zh-hant/compare", "/about", "/privacy", "/b/{}"])
def test_every_public_page_has_a_title_a_description_and_a_card_of_its_own(
    client: FlaskClient, tower: Building, path: str
) -> None:
    page = client.get(path.format(tower.code)).text.split("</head>")[0]
    for name in ("og:title", "og:description", "og:url", "og:site_name", "og:locale"):
        assert len(re.findall(rf'<meta property="{name}" content="[^"]+">', page)) == 1
    assert len(re.findall(r"<title>[^<]{4,}</title>", page)) == 1
    assert re.search(r'<meta name="description" content="[^"]{10,}">', page)
    assert page.count('rel="alternate" hreflang=') == 4


@pytest.mark.parametrize("part", ["buildings-0", "buildings-2", "tenants-1"])
def test_a_part_that_there_is_not_is_not_found(client: FlaskClient, session: Session, part: str):
    create_building(session)
    assert client.get(f"/sitemaps/{part}.xml").status_code == 404
