"""A district office imports its buildings: outlines, points, and lists without any place."""

import numpy as np
import pytest
from shapely import box
from sqlalchemy import func, select

from geo.crs import wgs84_to_gcj02
from geo.errors import ImportRefusedError
from geo.model import Building, BuildingFact, ImportRun, Section, Source
from tests.factories import create_building, square
from tests.geo.importers.importing import bring, counts, geojson, table


def only(session, **values):
    return session.scalars(select(Building).filter_by(**values)).one()


def test_outlines_get_names_search_keys_and_what_is_followed(session, tmp_path):
    path = geojson(
        tmp_path / "楼宇.geojson",
        (
            square(),
            {
                "id": 7,
                "名称": "云澜大厦",
                "英文名": "Yunlan Tower",
                "地址": "海湾路300号",
                "可租售面积": "3.2万㎡",
                "层数": "地上20层",
            },
        ),
        (square(121.48), {"id": 8, "高度": 12.5}),
    )
    report = bring(session, path, "buildings")
    assert counts(report) == {"read": 2, "added": 2}
    tower, shed = only(session, source_key="7"), only(session, source_key="8")
    assert (tower.name, tower.name_en, tower.leasable_area_m2) == ("云澜大厦", "Yunlan Tower", 32000)
    assert (tower.floors_above, tower.height_m, tower.managed) == (20, None, True)
    assert all(word in tower.search_text for word in ("云澜大厦", "yunlandasha", "ylds", "yunlantower", "海湾路300号"))
    assert (shed.name, shed.height_m, shed.managed, shed.search_text) == (None, 12.5, False, None)


def test_a_source_is_named_after_its_file_and_is_for_staff_only(session, tmp_path):
    bring(session, geojson(tmp_path / "楼宇.geojson", (square(), {"id": 7})), "buildings")
    source = session.scalars(select(Source).where(Source.name == "楼宇")).one()
    assert (source.publishable, source.secrecy, source.datum) == (False, "internal", "wgs84")
    assert not only(session, source_key="7").publishable


def test_the_operator_may_publish_at_once_and_say_whose_it_is(session, tmp_path):
    path = geojson(tmp_path / "楼宇.geojson", (square(), {"id": 7}))
    bring(
        session,
        path,
        "buildings",
        source_name="区楼宇库",
        source_publishable=True,
        source_attribution="某某区商务委",
        source_map_review_number="审图号：沪S(2026)001号",
    )
    source = session.scalars(select(Source).where(Source.name == "区楼宇库")).one()
    assert (source.publishable, source.secrecy, source.attribution) == (True, "public", "某某区商务委")
    assert source.map_review_number == "审图号：沪S(2026)001号"
    assert only(session, source_key="7").publishable


def test_what_is_secret_cannot_be_published(session, tmp_path):
    path = geojson(tmp_path / "楼宇.geojson", (square(), {"id": 7}))
    with pytest.raises(ImportRefusedError, match="is secret and cannot be published"):
        bring(session, path, "buildings", source_secrecy="secret", source_publishable=True)


def test_a_second_import_changes_nothing_even_without_ids(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"名称": "云澜大厦"}), (square(121.48), {"名称": "云澜大厦"}))
    assert counts(bring(session, path, "buildings")) == {"read": 2, "added": 2}
    assert counts(bring(session, path, "buildings")) == {"read": 2, "unchanged": 2}


def test_the_same_outline_twice_without_ids_is_one_building(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"名称": "云澜大厦"}), (square(), {"名称": "云澜大厦"}))
    report = bring(session, path, "buildings")
    assert counts(report) == {"read": 2, "added": 1, "skipped": 1}
    assert report.issue_counts["row_repeats"] == 1


def test_a_name_on_several_buildings_is_not_merged(session, tmp_path):
    path = geojson(
        tmp_path / "a.geojson",
        (square(), {"id": 1, "名称": "云澜大厦"}),
        (square(121.48), {"id": 2, "名称": "云澜大厦"}),
    )
    assert counts(bring(session, path, "buildings"))["added"] == 2


def test_a_corrected_file_updates_its_buildings(session, tmp_path):
    bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "名称": "云澜大厦", "高度": 80})), "buildings")
    code = only(session, source_key="1").code
    path = geojson(tmp_path / "a.geojson", (square(), {"id": 1, "名称": "云澜中心", "高度": 80}))
    assert counts(bring(session, path, "buildings")) == {"read": 1, "updated": 1}
    found = only(session, source_key="1")
    assert (found.code, found.name) == (code, "云澜中心")
    assert "云澜中心" in found.search_text


def test_a_list_with_addresses_tells_of_the_buildings_it_means(session, tmp_path):
    tower = create_building(session, name="云澜大厦A座", name_en=None, grade=None, address="海湾路300号")
    path = table(tmp_path / "list.csv", "楼宇名称,楼宇等级,建筑面积", "雲瀾大廈Ａ栋,甲级,52000")
    report = bring(session, path, "buildings", source_publishable=True)
    assert counts(report) == {"read": 1, "updated": 1}
    assert (tower.grade, tower.gross_area_m2, tower.publishable) == ("a", 52000, True)
    assert "雲瀾大廈" not in tower.search_text
    assert "yunlandasha" in tower.search_text


def test_the_name_a_building_had_before_still_finds_it(session, tmp_path):
    tower = create_building(session, name="外环18号", name_en=None, aliases=["老楼"])
    path = table(tmp_path / "list.csv", "楼宇名称,地址", "东澜楼,外环18号")
    assert counts(bring(session, path, "buildings")) == {"read": 1, "updated": 1}
    assert (tower.name, tower.aliases, tower.address) == ("东澜楼", ["老楼", "外环18号"], "外环18号")
    assert "外环18号" in tower.search_text
    assert counts(bring(session, path, "buildings")) == {"read": 1, "unchanged": 1}


def test_a_name_that_could_be_two_buildings_goes_to_the_review_list(session, tmp_path):
    for code in ("aaaa1111", "bbbb2222"):
        create_building(session, name="云澜大厦", code=code)
    path = table(tmp_path / "list.csv", "楼宇名称,楼宇等级", "云澜大厦,甲级", "云兰大厦,乙级", ",乙级")
    report = bring(session, path, "buildings")
    assert counts(report) == {"read": 3, "rejected": 3}
    assert [issue.code for issue in report.issues if issue.row] == [
        "building_tie",
        "building_unknown",
        "building_not_named",
    ]
    tie, unknown = report.issues[0], report.issues[1]
    assert "aaaa1111" in tie.sentence()
    assert "云澜大厦" in unknown.sentence("zh")


def test_a_point_inside_an_outline_speaks_of_that_building(session, tmp_path):
    building = create_building(session, name=None, name_en=None, managed=False, grade=None)
    path = table(tmp_path / "points.csv", "楼宇名称,经度,纬度,楼宇等级", "云澜大厦,121.4701,31.2301,甲级")
    assert counts(bring(session, path, "buildings")) == {"read": 1, "updated": 1}
    assert (building.name, building.grade, building.managed) == ("云澜大厦", "a", True)
    assert "云澜大厦" in building.search_text


def test_a_point_alone_is_drawn_as_a_small_square_that_says_so(session, tmp_path):
    path = table(tmp_path / "points.csv", "楼宇名称,经度,纬度", "云澜大厦,121.4701,31.2301")
    report = bring(session, path, "buildings")
    assert counts(report) == {"read": 1, "added": 1}
    assert report.issue_counts["building_from_point"] == 1
    found = only(session, name="云澜大厦")
    area_m2 = session.scalar(select(func.ST_Area(func.geography(Building.geom))).where(Building.id == found.id))
    assert area_m2 == pytest.approx(144, rel=0.02)
    fact = session.scalars(select(BuildingFact).where(BuildingFact.building_id == found.id)).one()
    assert (fact.fact, fact.value) == ("outline", "derived from a point")
    assert counts(bring(session, path, "buildings")) == {"read": 1, "unchanged": 1}


def test_a_square_gives_way_to_the_outline_once_that_is_known(session, tmp_path):
    path = table(tmp_path / "points.csv", "楼宇名称,经度,纬度", "云澜大厦,121.4701,31.2301")
    bring(session, path, "buildings")
    square_building = only(session, name="云澜大厦")
    outline = create_building(session, name=None, name_en=None)
    assert counts(bring(session, path, "buildings")) == {"read": 1, "updated": 1}
    assert square_building.withdrawn_at is not None
    assert outline.name == "云澜大厦"


def test_conditions_of_a_building_are_kept_as_facts(session, tmp_path):
    values = {"id": 1, "层高": "4.2米", "空调": "VAV", "租金(元/㎡·天)": "5.5-7"}
    path = geojson(tmp_path / "a.geojson", (square(), values))
    bring(session, path, "buildings")
    facts = {fact.fact: fact.value for fact in session.scalars(select(BuildingFact))}
    assert facts == {"storey_height": "4.2", "air_conditioning": "VAV", "rent": "5.5-7 元/㎡·天"}
    path = geojson(tmp_path / "a.geojson", (square(), values | {"空调": "分体"}))
    bring(session, path, "buildings")
    session.expire_all()
    facts = {fact.fact: fact.value for fact in session.scalars(select(BuildingFact))}
    assert facts == {"storey_height": "4.2", "air_conditioning": "分体", "rent": "5.5-7 元/㎡·天"}


def test_a_building_is_drawn_as_its_parts_when_they_cover_it(session, tmp_path):
    podium, tower, alone = box(0, 0, 0.001, 0.001), box(0, 0, 0.0004, 0.0004), box(0.01, 0, 0.011, 0.001)
    path = geojson(
        tmp_path / "a.geojson",
        (podium, {"id": "b1", "kind": "building"}),
        (podium, {"id": "p1", "kind": "building_part", "height": 20, "root_id": "b1"}),
        (tower, {"id": "p2", "kind": "building_part", "height": 90, "min_height": 20}),
        (alone, {"id": "b2", "kind": "building"}),
        (box(0.01, 0, 0.0102, 0.0002), {"id": "p3", "kind": "building_part", "height": 30}),
    )
    report = bring(session, path, "buildings")
    assert report.rows["sections"] == 3
    assert (only(session, source_key="b1").sectioned, only(session, source_key="b2").sectioned) == (True, False)
    parts = {part.source_key: part for part in session.scalars(select(Section))}
    assert (parts["p2"].base_height_m, parts["p2"].height_m) == (20, 90)
    assert parts["p2"].building_id == only(session, source_key="b1").id
    assert bring(session, path, "buildings").rows["sections"] == 0


def test_a_run_is_kept_with_its_report_and_the_hash_of_its_file(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"id": 1}))
    report = bring(session, path, "buildings")
    run = session.scalars(select(ImportRun)).one()
    assert (run.code, run.state, run.kind, run.file_name) == (report.run, "done", "buildings", "a.geojson")
    assert len(run.file_sha256) == 64
    assert run.report["rows"]["added"] == 1


def test_a_file_of_another_datum_is_noticed(session, tmp_path):
    random = np.random.default_rng(1)
    lon, lat = 121.47 + random.random(60) * 0.03, 31.22 + random.random(60) * 0.03
    true = [(square(x, y, 0.0001), {"id": x}) for x, y in zip(lon, lat, strict=True)]
    bring(session, geojson(tmp_path / "true.geojson", *true), "buildings")
    shifted = [(square(x, y, 0.0001), {"id": x}) for x, y in zip(*wgs84_to_gcj02(lon, lat), strict=True)]
    path = geojson(tmp_path / "高德.geojson", *shifted)
    report = bring(session, path, "buildings")
    (warning,) = [issue for issue in report.issues if issue.code == "datum_shifted"]
    assert "--crs gcj02" in warning.sentence()


@pytest.mark.real_data
def test_the_bund_and_lujiazui_as_tiles_and_dissolved_give_the_same_buildings(session, shared_data):
    for name in ("tz_sh_buildings.geojson", "buildings_dissolved.gpkg"):
        report = bring(session, shared_data / "shanghai_osm" / name, "buildings")
        assert report.rows["added"] == 1321
        of_it = Building.source_id == select(ImportRun.source_id).where(ImportRun.code == report.run).scalar_subquery()
        named, high = session.execute(
            select(func.count(Building.name), func.count(Building.height_m)).where(of_it)
        ).one()
        assert (named, high) == (219, 583)
        assert bring(session, shared_data / "shanghai_osm" / name, "buildings").rows["unchanged"] == 1321
