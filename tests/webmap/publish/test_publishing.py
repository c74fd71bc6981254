"""A copy of a small district: what is in it, and what a second publication does."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from isal import igzip
from sqlalchemy.orm import Session

from geo import versions
from geo.model import Building, Party, PartyRole, Unit
from tests.factories import create_area, create_building, create_floor, create_source, create_unit
from tests.planted import says
from tests.secrets_planted import plant
from webmap.copies import Copy
from webmap.errors import PublishingError
from webmap.publish import details
from webmap.publish.folder import Written, opened
from webmap.publish.operations import Wish, publish

TODAY = date(2026, 11, 20)
ADDRESS = "https://copy.example/x"
_LINKS = re.compile(r'(?:href|src|action)="([^"#?]*)')
LANGUAGES = ("", "en/", "zh-hant/")


def copied(app: Flask, folder: Path, *, pages: int = 100, live: str | None = None) -> Written:
    wish = Wish(Copy(TODAY, live, ADDRESS), "http://localhost", pages)
    with opened(folder) as files:
        return publish(app, files, wish, lambda _: None).files


@pytest.fixture
def unit(session: Session) -> Unit:
    create_area(session)
    shed = create_building(session, name="仓库", name_en="Shed")
    assert shed
    return create_unit(session, create_floor(session, create_building(session), 7), label="701")


def bump(session: Session) -> None:
    """Give what has changed a new version, as the server does every second."""
    connection = session.connection().connection.driver_connection
    assert connection is not None
    versions.bump(connection)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_every_link_of_a_copy_leads_to_a_file_of_it(app: Flask, unit: Unit, tmp_path: Path) -> None:
    copied(app, tmp_path / "copy")
    pages = [path for path in (tmp_path / "copy").rglob("*.html") if path.name != "404.html"]
    assert len(pages) == 3 * 6  # the map, two plain ones, a sheet, an area and a building, in three languages
    for page in pages:
        for link in _LINKS.findall(page.read_text("utf-8")):
            if link and not link.startswith(("https://", "data:", "tel:", "mailto:")):
                assert (page.parent / link).is_file(), (page, link)


def test_pages_say_that_they_are_a_copy_and_load_nothing_from_elsewhere(app: Flask, unit: Unit, tmp_path: Path) -> None:
    copied(app, tmp_path / "copy")
    for name in ("index.html", "en/index.html", "about.html", "listed/0.html"):
        page = (tmp_path / "copy" / name).read_text("utf-8")
        assert "2026" in page[page.index('class="invented of-copy"') :][:300]
        assert "default-src &#39;self&#39;" in page or "default-src 'self'" in page
        assert "<form" not in page.replace('<form class="search"', "")
        assert "/login" not in page


def test_sheets_name_the_sources_and_say_when_they_are_invented(app: Flask, session: Session, tmp_path: Path) -> None:
    source = create_source(session, attribution="演示数据", invented=True)
    create_unit(session, create_floor(session, create_building(session, source_id=source.id)))
    bump(session)
    copied(app, tmp_path / "copy")
    sheet = (tmp_path / "copy/listed/0.html").read_text("utf-8")
    assert "均为虚构" in sheet and "演示数据" in sheet


def test_chats_show_the_map_beside_a_link_to_a_page_of_a_copy(app: Flask, unit: Unit, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copied(app, folder)
    for name in ("en/index.html", "en/listed/0.html", f"en/b/{next((folder / 'b').iterdir()).name}"):
        found = re.findall(rf'property="og:image" content="{ADDRESS}/([^"]*)"', (folder / name).read_text("utf-8"))
        assert len(found) == 1 and (folder / found[0]).read_bytes().startswith(b"\x89PNG"), name


def test_forms_lead_to_the_site_where_its_address_is_known(app: Flask, unit: Unit, tmp_path: Path) -> None:
    copied(app, tmp_path / "copy", live="https://site.example")
    page = next((tmp_path / "copy/en/b").iterdir()).read_text("utf-8")
    shared = (tmp_path / "copy/en/listed/0.html").read_text("utf-8")
    assert 'href="https://site.example/en/"' in shared and 'href="../../zh-hant/listed/0.html"' in shared
    assert 'href="https://site.example/en/inquiries/new?building=' in page


def test_a_changed_unit_rewrites_its_building_and_the_state_alone(
    app: Flask, unit: Unit, session: Session, tmp_path: Path
) -> None:
    other = create_unit(session, create_floor(session, create_building(session, name="海关大楼")))
    folder = tmp_path / "copy"
    first = copied(app, folder)
    assert copied(app, folder).written == 0
    before = {name: (folder / name).stat().st_mtime_ns for name in names(folder)}
    unit.rent_amount, unit.rent_cny_m2_day = 9, 9.0
    session.flush()
    bump(session)
    second = copied(app, folder)
    written = {name for name in names(folder) if before.get(name) != (folder / name).stat().st_mtime_ns}
    assert second.written < first.written / 2
    assert not any(name.startswith(("static/", "data/tiles/")) for name in written)
    assert not any(other.label in name for name in written)


def told_of(folder: Path) -> dict[str, str]:
    """What the files of details that a copy names say, by the building's code."""
    [index] = (json.loads(igzip.decompress(path.read_bytes())) for path in newest(folder))
    found = {}
    for number, tail in enumerate(index):
        details = json.loads(igzip.decompress((folder / f"data/buildings/{number:x}-{tail}").read_bytes()))
        found |= {code: json.dumps(told, ensure_ascii=False) for code, told in details.items()}
    return found


def newest(folder: Path) -> list[Path]:
    """The file that the map page asks for details with."""
    page = (folder / "index.html").read_text("utf-8")
    return [folder / name for name in re.findall(r'"api":"(data/buildings-\w+\.z)"', page)]


def test_a_copy_made_again_says_what_has_changed_and_keeps_the_rest(
    app: Flask, unit: Unit, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each building in a file of its own or nearly, so that most of them are not read again."""
    monkeypatch.setattr(details, "PER_FILE", 1)
    others = [create_building(session, name=f"{number}号楼") for number in range(6)]
    folder = tmp_path / "copy"
    copied(app, folder)
    before = told_of(folder)
    unit.rent_amount, unit.rent_cny_m2_day = 77.25, 77.25
    others[0].publishable = False
    session.flush()
    bump(session)
    copied(app, folder)
    after = told_of(folder)
    assert set(before) - set(after) == {others[0].code}
    assert [code for code in after if after[code] != before[code]] == [session.get_one(Building, unit.building_id).code]
    assert "77.25" in "".join(after.values())


def test_a_new_contact_is_in_the_next_copy_though_nothing_else_has_changed(
    app: Flask, unit: Unit, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    copied(app, folder)
    manager = Party(name="新物业公司", business_phone="0591 1234 5678", contact_consent=True, source_id=unit.source_id)
    session.add(manager)
    session.flush()
    session.add(PartyRole(party_id=manager.id, role="manager", building_id=unit.building_id))
    session.flush()
    copied(app, folder)
    assert "新物业公司" in "".join(told_of(folder).values())
    assert "新物业公司" in (folder / "listed/0.html").read_text("utf-8")


def test_an_empty_district_is_not_published(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(PublishingError, match="import buildings first"):
        copied(app, tmp_path / "copy")


def test_robots_and_sitemaps_name_every_page(app: Flask, unit: Unit, tmp_path: Path) -> None:
    copied(app, tmp_path / "copy")
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (tmp_path / "copy/robots.txt").read_text()
    told = re.findall(r"<loc>([^<]*)</loc>", (tmp_path / "copy/sitemaps/1.xml").read_text())
    pages = {name for name in names(tmp_path / "copy") if name.endswith(".html")}
    pages -= {"404.html", *(f"{language}listed/0.html" for language in LANGUAGES)}
    assert {name.removeprefix(f"{ADDRESS}/") for name in told} == pages
    assert 'href="https://copy.example/x/en/index.html"' in (tmp_path / "copy/404.html").read_text()


def test_no_secret_is_in_any_file_of_a_copy(app: Flask, session: Session, tmp_path: Path) -> None:
    planted = plant(session)
    copied(app, tmp_path / "copy")
    for name in names(tmp_path / "copy") - {".loumap-copy"}:
        data = (tmp_path / "copy" / name).read_bytes()
        text = (igzip.decompress(data) if name.endswith(".z") else data).decode("utf-8", "replace")
        if not name.startswith("static/"):
            assert [what for mark, what in planted.marks.items() if says(text, mark)] == [], name
        assert not any(code in name for code in planted.hidden_codes)


def test_buildings_with_the_fewest_units_share_a_page(app: Flask, unit: Unit, session: Session, tmp_path: Path) -> None:
    large = create_building(session, name="大楼")
    floor = create_floor(session, large, 2)
    for _ in range(3):
        create_unit(session, floor)
    bump(session)
    copied(app, tmp_path / "copy", pages=1)
    assert [path.stem for path in (tmp_path / "copy/b").iterdir()] == [large.code]
    boot = re.search(r'id="boot">(.*?)</script>', (tmp_path / "copy/index.html").read_text("utf-8"), re.DOTALL)
    assert boot and json.loads(boot[1])["paged_from"] == 2
