"""Links frozen to a moment, of every page that can be linked to: whatever is changed later, each says what it said."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.history import change_unit, publish_offer, withdraw_offer
from geo.history.authors import Author
from geo.model import Building, BuildingFact, Offer, Unit
from tests.factories import (
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_unit,
    square,
)
from tests.geo.test_tiles import tile_of
from tests.web import text_of
from tests.webmap.share.test_frozen_links import made
from webmap import map_mode
from webmap.models import Picture
from webmap.share.states import PAGES

AREA = "frozen01"
BANNER = re.compile(r'<p class="note warn frozen".*?</p>', re.DOTALL)


@pytest.fixture
def today(app: Flask) -> date:
    return app.extensions["loumap_settings"].today()


@pytest.fixture
def tower(session: Session) -> Building:
    create_area(session, code=AREA)
    tower = create_building(session, name="云澜大厦", leasable_area_m2=20000, property_fee_cny_m2_month=18)
    session.add(BuildingFact(building_id=tower.id, fact="power", value="双回路", source_id=tower.source_id))
    create_enterprise(session, tower, industry_group="finance")
    create_amenity(session, category="metro")
    return tower


@pytest.fixture
def units(session: Session, tower: Building, today: date) -> list[Unit]:
    """Three units by their labels: 1201 and 1202 are vacant and offered, 1203 is let."""
    floor, by = create_floor(session, tower, 12), Author(tower.source_id)
    bare = {"occupancy": "unknown", "public_status": "unknown", "rent_amount": None, "rent_unit": None}
    bare |= {"rent_cny_m2_day": None, "fitout": None, "reported_on": None}
    found = [create_unit(session, floor, label=f"120{n}", area_m2=300 + n, **bare) for n in (1, 2, 3)]
    since = today - timedelta(days=60)
    for unit, occupancy in zip(found, ("vacant", "vacant", "tenant"), strict=True):
        told = {"occupancy": occupancy, "area_m2": unit.area_m2}
        change_unit(session, unit.id, told, on=since, by=by, today=today)
    terms = {"rent_low": Decimal("4.25"), "rent_high": Decimal("4.25"), "rent_unit": "cny_m2_day", "deposit_months": 3}
    for unit in found[:2]:
        publish_offer(session, [unit.id], terms | {"fitout": "full"}, on=since, by=by, today=today)
    told_anew(session)
    return found


@pytest.fixture
def pages(tower: Building, units: list[Unit]) -> dict[str, str]:
    """An address of every page that can be linked to."""
    codes = ",".join(unit.code for unit in units[:2])
    return {
        "map": "/?area_min=100",
        "building": f"/b/{tower.code}",
        "unit": f"/u/{units[0].code}",
        "area": f"/a/{AREA}?sort=-rate",
        "compare": f"/compare?u={codes}&b={tower.code}",
        "shortlist": f"/shortlist?u={codes}",
        "match": "/match?area=300&metro_m=640",
        "clusters": "/clusters?rings=0",
        "chains": "/clusters/chains?metres=300",
        "leading": "/clusters/leading?unit=building",
        "together": f"/clusters/together?level=section&area={AREA}",
        "side_by_side": "/clusters/side-by-side?industry=it&rings=0",
        "months": "/clusters/months?months=2",
        "indicators": f"/indicators?area={AREA}",
        "indicator": "/indicators/occupancy_rate",
        "cockpit": f"/cockpit?area={AREA}",
    }


@pytest.fixture
def drawn(app: Flask) -> Iterator[None]:
    """Pictures and papers as they are drawn and set, so that their words can be read."""
    app.extensions["loumap_raster"] = lambda svg, times: svg.encode()
    app.extensions["loumap_press"] = lambda html, form: html.encode()
    app.extensions["loumap_unattended_s"] = 0
    return


def told_anew(session: Session) -> None:
    session.flush()
    session.execute(text("UPDATE layer_versions SET version = version + 1"))
    session.expire_all()


def much_happens(session: Session, tower: Building, units: list[Unit], today: date) -> None:
    """One unit is let and one turns out to have been let for long; names, areas, conditions, offers are others."""
    by = Author(tower.source_id)
    change_unit(session, units[0].id, {"occupancy": "tenant"}, on=today, by=by, today=today)
    wrong_since = today - timedelta(days=60)
    change_unit(session, units[1].id, {"occupancy": "own_use", "area_m2": 777}, on=wrong_since, by=by, today=today)
    for offer in session.query(Offer).filter(Offer.building_id == tower.id).all():
        withdraw_offer(session, offer.id, on=today, by=by, today=today)
    tower.name, tower.leasable_area_m2, tower.grade = "改名大厦", Decimal(31000), "b"
    tower.property_fee_cny_m2_month = Decimal(25)
    session.query(BuildingFact).delete()
    session.query(Picture).delete()
    units[0].label = "1201A"
    other = create_building(session, square(lon=121.472), name="后来的楼", source_id=tower.source_id)
    create_unit(session, create_floor(session, other, 3), label="301", area_m2=310)
    create_enterprise(session, tower, industry_group="it")
    session.execute(text("UPDATE amenity_distances SET metres = metres + 400"))
    told_anew(session)


def said(client: FlaskClient, address: str) -> str:
    """What is to be read on a page but for the line that says which day it shows."""
    answer = client.get(address)
    assert answer.status_code == 200, text_of(answer.text)
    words = text_of(BANNER.sub("", answer.text.split("<main")[-1].split("</main>")[0]))
    return re.sub(r"https?://\S+", "", words)


def test_every_page_that_can_be_linked_to_can_be_frozen(pages: dict[str, str]) -> None:
    assert pages.keys() == PAGES.keys()
    assert all(page.day for page in PAGES.values())


def test_frozen_pages_say_next_year_what_they_said(
    promoter: FlaskClient, session: Session, tower: Building, units: list[Unit], pages: dict[str, str], today: date
) -> None:
    session.add(Picture(building_id=tower.id, kind="tour", url="https://example.org/a", alt="看房", source="楼宇"))
    session.flush()
    links = {page: made(promoter, address, "frozen") for page, address in pages.items()}
    reader = promoter.application.test_client()
    live = {page: said(reader, address) for page, address in pages.items()}
    opened = {page: reader.get(f"/s/{token}").location for page, token in links.items()}
    sent = {page: said(reader, address) for page, address in opened.items()}
    told = [page for page in pages if page != "map"]  # whose own bar names the day
    assert [page for page in told if not BANNER.search(reader.get(opened[page]).text)] == []
    figures = ("4.25", "云澜大厦", "301 m²")
    assert [page for page in told[:2] + told[3:6] for each in figures if each not in sent[page]] == []
    assert "603 m² 2 个单元 空置率 3% 占可租售面积" in sent["area"]
    assert [page for page in pages if sent[page] != live[page]] == []

    much_happens(session, tower, units, today)

    later = {page: said(reader, address) for page, address in opened.items()}
    assert [page for page in pages if _but_for_pictures(later[page]) != _but_for_pictures(sent[page])] == []
    assert [page for page in pages if said(reader, pages[page]) == sent[page]] == []


def test_the_frozen_map_of_a_large_city_says_next_year_what_it_said(
    promoter: FlaskClient,
    session: Session,
    tower: Building,
    units: list[Unit],
    today: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(map_mode, "MOST_UNITS", 0)
    location = promoter.get(f"/s/{made(promoter, '/?area_min=302', 'frozen')}").location
    reader = promoter.application.test_client()
    moment = re.search(r"date=\S+?known_at=[^&]+", location)[0]
    page, live, sent = (said(reader, address) for address in (location, "/?area_min=302", location))
    assert (page, live) == (sent, sent)
    before, present = windowed(reader, moment), windowed(reader, "")
    assert before["units"] == present["units"] == 1
    assert before["tile"] == present["tile"] == {"云澜大厦": (1, 302)}
    assert before["suggested"] == [("云澜大厦", 2)]

    much_happens(session, tower, units, today)

    assert said(reader, location) == page
    assert windowed(reader, moment) == before
    assert windowed(reader, "")["tile"] == {"后来的楼": (1, 310)}
    assert said(reader, "/?area_min=302") != page


def windowed(client: FlaskClient, moment: str) -> dict[str, object]:
    """What the map of a large city shows: windows and their counts, a filtered tile, the search box."""
    asked = "&" + moment.replace("date=", "as_of=") if moment else ""
    version = client.get("/api/v1/versions").get_json()["layers"]["state"]
    box = "121.3,31.1,121.7,31.4"
    address = f"/state/{version}/window?bbox={box}&filter_bbox={box}&area_min=302{asked}"
    window = unpack(client.get(address, follow_redirects=True).data)
    here = tile_of(14)
    tile = f"/tiles/market/{version}/14/{here.x}/{here.y}.mvt?area_min=302{asked}"
    found = mapbox_vector_tile.decode(client.get(tile, follow_redirects=True).data)
    drawn = {each["properties"]["name"]: each["properties"] for each in found.get("market", {}).get("features", [])}
    suggested = client.get(f"/api/v1/suggest?q=云澜大厦{asked}").get_json()["items"]
    header = {name: window.header[name] for name in ("facets", "spreads", "classes", "as_of", "stale_days")}
    names = list(window.texts("buildings", "name"))
    return header | {
        "names": names,
        "units": window.header["totals"]["city"]["units"],
        "tile": {name: (each["u"], each["a"]) for name, each in drawn.items()},
        "suggested": [(each["name"], each["units_to_let"]) for each in suggested if each["kind"] == "building"],
    }


def test_pictures_tables_and_papers_of_a_frozen_page_are_of_its_day(
    promoter: FlaskClient, session: Session, tower: Building, units: list[Unit], drawn: None, today: date
) -> None:
    location = promoter.get(f"/s/{made(promoter, f'/b/{tower.code}', 'frozen')}").location
    moment = re.search(r"as_of=\S+?known_at=[^&]+", location)[0]
    of_map = moment.replace("as_of", "date")
    addresses = {
        "building": f"/card/b/{tower.code}.png?{moment}",
        "poster": f"/card/poster/u/{units[0].code}.png?{moment}",
        "compare": f"/card/compare.png?u={units[0].code}&{moment}",
        "match": f"/card/match.png?area=300&{moment}",
        "area": f"/card/map.png?within={AREA}&{of_map}",
        "brochure": f"/brochure/b/{tower.code}.pdf?{moment}",
        "unit brochure": f"/brochure/u/{units[0].code}.pdf?{moment}",
        "area brochure": f"/brochure/a/{AREA}.pdf?{moment}",
        "briefing": f"/brochure/briefing/{AREA}.pdf?{moment}",
    }
    before = {name: promoter.get(address).text for name, address in addresses.items()}
    assert "301 m²" in text_of(before["poster"])
    much_happens(session, tower, units, today)
    after = {name: promoter.get(address).text for name, address in addresses.items()}
    assert [name for name in addresses if after[name] != before[name]] == []
    live = {name: promoter.get(re.sub(r"[?&](as_of|date)=.*", "", address)).text for name, address in addresses.items()}
    assert [name for name in addresses if live[name] == before[name]] == []


def test_links_on_a_frozen_page_lead_on_to_its_day(promoter: FlaskClient, pages: dict[str, str]) -> None:
    for page in ("area", "compare", "shortlist", "match"):
        location = promoter.get(f"/s/{made(promoter, pages[page], 'frozen')}").location
        led = re.findall(r'href="(/[bu]/[^"]+)"', promoter.get(location).text.split("<main")[1])
        assert led
        assert [each for each in led if "as_of=" not in each or "known_at=" not in each] == []


def test_who_looks_back_sees_what_visitors_see(
    promoter: FlaskClient, session: Session, tower: Building, units: list[Unit], pages: dict[str, str]
) -> None:
    location = promoter.get(f"/s/{made(promoter, pages['building'], 'frozen')}").location
    tower.publishable = False
    told_anew(session)
    assert promoter.get(location).status_code == 404


def _but_for_pictures(words: str) -> str:
    """Without what stands around a picture, which is gone everywhere when it is deleted."""
    return re.sub(r"\s+|虚拟看房|看房|楼宇", "", words)


def test_a_frozen_page_is_shared_as_it_is_looked_at(promoter: FlaskClient, pages: dict[str, str]) -> None:
    opened = promoter.get(f"/s/{made(promoter, pages['compare'], 'frozen')}").location.partition("&s=")[0]
    again = promoter.get(f"/s/{made(promoter, opened, 'frozen')}").location.partition("&s=")[0]
    assert again == opened
    page = promoter.get("/share", query_string={"to": opened.replace("/compare", "/en/compare")}).text
    assert "Comparison of buildings and units · 3 places" in text_of(page)
    assert 'value="frozen" checked' in page
