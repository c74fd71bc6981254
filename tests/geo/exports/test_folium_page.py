"""What stands in the folium page, and what must never."""

import json
from datetime import date

import pytest
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.exports.folium_page import Leaflet, folium_page
from geo.filters import Filters
from tests.factories import create_building, create_floor, create_source, create_unit, square

TODAY = date(2026, 3, 10)
LEAFLET = Leaflet("/* script */", "/* style */")


def test_the_page_carries_everything_it_needs(session: Session) -> None:
    create_unit(session, create_floor(session, create_building(session, name="云澜大厦")))
    page = folium_page(session, Filters(), TODAY, LEAFLET)
    assert json.dumps("云澜大厦") in page
    assert "/* script */" in page
    assert "<script src" not in page
    assert "<link" not in page


def test_names_and_sources_cannot_bring_scripts_in(session: Session) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    source = create_source(session, attribution=evil)
    create_building(session, name=evil, name_en=evil, source_id=source.id)
    page = folium_page(session, Filters(), TODAY, LEAFLET)
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_only_public_buildings_are_in_it(session: Session) -> None:
    create_building(session, name="云澜大厦")
    create_building(session, square(lon=121.4701), name="内部大厦", publishable=False)
    page = folium_page(session, Filters(), TODAY, LEAFLET)
    assert json.dumps("云澜大厦") in page
    assert json.dumps("内部大厦") not in page


def test_a_search_without_a_result_says_so_instead_of_writing_an_empty_map(session: Session) -> None:
    create_building(session)
    with pytest.raises(NotFoundError, match="area_min=9000"):
        folium_page(session, Filters(area_min=9000), TODAY, LEAFLET)
