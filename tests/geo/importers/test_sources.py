"""What a source may show is decided once and holds for every row it speaks of."""

import pytest
from sqlalchemy import select

from geo.errors import ImportRefusedError, NotFoundError
from geo.importers.sources import SourceDetails, publish_source, source_for
from geo.model import Building, BuildingFact, Unit
from tests.factories import create_building, create_source, square
from tests.geo.importers.importing import bring, geojson, table


def seen(session, kind):
    session.expire_all()
    return session.scalars(select(kind.publishable).order_by(kind.id)).all()


def test_publishing_a_source_shows_its_buildings_facts_and_units(session, tmp_path):
    path = geojson(tmp_path / "楼宇.geojson", (square(), {"id": 1, "名称": "云澜大厦", "空调": "VAV"}))
    bring(session, path, "buildings")
    bring(session, table(tmp_path / "房源.csv", "楼宇,房号", "云澜大厦,1203"), "units")
    assert (seen(session, Building), seen(session, BuildingFact), seen(session, Unit)) == ([False], [False], [False])
    publish_source(session, "楼宇", True)
    assert (seen(session, Building), seen(session, BuildingFact), seen(session, Unit)) == ([True], [True], [False])
    publish_source(session, "房源", True)
    assert seen(session, Unit) == [True]


def test_a_building_two_sources_speak_of_is_public_when_both_are(session, tmp_path):
    create_building(session, name="云澜大厦", name_en=None)
    report = bring(session, table(tmp_path / "list.csv", "楼宇名称,等级", "云澜大厦,乙级"), "buildings")
    assert seen(session, Building) == [False]
    (warning,) = [issue for issue in report.issues if issue.code == "building_hidden"]
    assert "./loumap import --publish 'list'" in warning.sentence()
    source, rows = publish_source(session, "list", True)
    assert (seen(session, Building), rows, source.secrecy) == ([True], 1, "public")
    publish_source(session, "list", False)
    assert seen(session, Building) == [False]


def test_units_of_a_staff_only_list_leave_their_building_public(session, tmp_path):
    create_building(session, name="云澜大厦", managed=False)
    bring(session, table(tmp_path / "房源.csv", "楼宇,房号", "云澜大厦,1203"), "units")
    publish_source(session, "房源", False)
    assert (seen(session, Building), seen(session, Unit)) == ([True], [False])


def test_a_secret_source_is_not_published_and_an_unknown_one_is_named(session):
    create_source(session, name="内部底册", secrecy="secret", publishable=False)
    with pytest.raises(ImportRefusedError, match="内部底册"):
        publish_source(session, "内部底册", True)
    with pytest.raises(NotFoundError, match="known are: 内部底册"):
        publish_source(session, "底册", True)


def test_a_source_keeps_what_a_later_import_does_not_say(session):
    details = SourceDetails(name="区楼宇库", licence="内部资料", attribution="某某区商务委")
    first = source_for(session, details, "file")
    again = source_for(session, SourceDetails(name="区楼宇库", map_review_number="沪S(2026)001号"), "other")
    assert again is first
    assert (again.licence, again.attribution, again.map_review_number) == (
        "内部资料", "某某区商务委", "沪S(2026)001号",
    )  # fmt: skip
