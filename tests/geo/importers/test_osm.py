import gzip

import pytest

from geo.errors import UnreadableFileError
from geo.importers.fields import Kind
from geo.importers.osm_tags import ground_of, is_building, is_part, layer_of
from tests.geo.importers.conftest import FILES


def test_a_file_with_relations_before_ways_before_nodes_is_sorted_first(read):
    found = read("unsorted.osm", Kind.BUILDINGS)
    assert found.column("name", "buildings") == ["Court House"]
    assert len(found.geometry("buildings")[0].geoms[0].interiors) == 1
    assert found.log.by_code["osm_unsorted"] == 1


def test_one_reading_gives_buildings_amenities_and_roads(read):
    found = read("unsorted.osm", Kind.BUILDINGS)
    assert found.column("category", "amenities") == ["bank"]
    assert found.column("class", "ground") == ["primary"]
    assert found.column("rank", "ground") == [1]
    assert found.column("bridge", "ground") == [True]


def osm(folder, *objects):
    path = folder / "own.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(objects)}</osm>')
    return path


def test_places_of_nodes_may_stand_inside_the_ways(read, tmp_path):
    corners = ((1, 60.0, 25.0), (2, 60.0, 25.001), (3, 60.001, 25.001), (1, 60.0, 25.0))
    nodes = "".join(f'<nd ref="{ref}" lat="{lat}" lon="{lon}"/>' for ref, lat, lon in corners)
    path = osm(tmp_path, f'<way id="200" version="1">{nodes}<tag k="building" v="yes"/></way>')
    assert read(path, Kind.BUILDINGS).geometry("buildings")[0].area == pytest.approx(0.0000005)


def test_new_objects_with_negative_ids_are_read(read, tmp_path):
    nodes = [f'<node id="-{i}" lat="60.00{i}" lon="25.00{i * i}"/>' for i in (1, 2, 3)]
    refs = "".join(f'<nd ref="-{i}"/>' for i in (1, 2, 3, 1))
    path = osm(tmp_path, *nodes, f'<way id="-9">{refs}<tag k="building" v="yes"/></way>')
    assert read(path, Kind.BUILDINGS).count("buildings") == 1


def test_a_building_without_any_node_counts_as_cut(read, tmp_path):
    refs = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 1))
    path = osm(tmp_path, f'<way id="9" version="1">{refs}<tag k="building" v="yes"/></way>')
    assert read(path, Kind.BUILDINGS).log.by_code["osm_way_cut"] == 1


def test_packed_files_are_read_alike(read, tmp_path):
    (tmp_path / "city.osm.gz").write_bytes(gzip.compress((FILES / "unsorted.osm").read_bytes()))
    assert read(tmp_path / "city.osm.gz", Kind.BUILDINGS).column("name", "buildings") == ["Court House"]


def test_a_building_cut_off_at_the_edge_is_reported_and_not_drawn(read):
    found = read("cut_off.osm", Kind.BUILDINGS)
    assert "Cut House" not in found.column("name", "buildings")
    assert found.sentences("osm_way_cut") == [
        "Row 201: way 201 is cut off at the edge of the extract (1 of its 5 nodes are missing); "
        "take a larger extract to have it whole."
    ]


def test_relations_with_missing_ways_are_reported_with_their_number(read):
    found = read("cut_off.osm", Kind.BUILDINGS)
    assert [issue.row for issue in found.log if issue.code == "osm_relation_cut"] == [301, 302]


def test_a_park_that_is_cut_is_not_drawn_but_a_road_keeps_its_piece(read):
    found = read("cut_off.osm", Kind.BUILDINGS)
    assert found.column("name", "ground") == ["Edge Road"]
    assert found.geometry("ground")[0].length == pytest.approx(0.001)
    assert [issue.row for issue in found.log if issue.code == "osm_area_cut"] == [205]


def test_a_building_that_crosses_itself_is_repaired(read):
    found = read("cut_off.osm", Kind.BUILDINGS)
    knot = found.geometry("buildings")[found.column("name", "buildings").index("Knot House")]
    assert knot.is_valid
    assert found.log.by_code["geometry_repaired"] == 1


def test_an_open_building_way_is_reported(read):
    assert [issue.row for issue in read("cut_off.osm", Kind.BUILDINGS).log if issue.code == "osm_way_open"] == [203]


def test_half_storeys_are_left_out_and_said(read):
    found = read("cut_off.osm", Kind.BUILDINGS)
    assert found.column("floors_above", "buildings")[0] == 2
    assert found.column("height_m", "buildings")[0] == 16
    assert "building:levels '2.5' is no whole number" in found.sentences("value_rounded")[0]


def test_points_tagged_building_are_no_buildings(read):
    found = read("unsorted.osm", Kind.BUILDINGS)
    assert found.count("buildings") == 1
    assert found.log.by_code["osm_nodes_not_buildings"] == 1


def test_source_ids_name_the_kind_of_object(read):
    found = read("unsorted.osm", Kind.BUILDINGS)
    assert found.column("source_id", "buildings") == ["relation/300"]
    assert found.column("source_id", "amenities") == ["node/50"]


def test_a_file_that_breaks_off_is_an_error(read, tmp_path):
    (tmp_path / "torn.osm").write_bytes((FILES / "unsorted.osm").read_bytes()[:700])
    with pytest.raises(UnreadableFileError, match="OpenStreetMap"):
        read(tmp_path / "torn.osm", Kind.BUILDINGS)


@pytest.mark.parametrize(
    ("tags", "building", "part"),
    [
        ({"building": "yes"}, True, False),
        ({"building": "no"}, False, False),
        ({"building:part": "yes"}, False, True),
        ({"building": "yes", "building:part": "yes"}, True, False),
        ({"building:part": "no"}, False, False),
    ],
)
def test_buildings_and_their_parts_are_told_apart(tags, building, part):
    assert (is_building(tags), is_part(tags)) == (building, part)


@pytest.mark.parametrize(
    ("tags", "closed", "expected"),
    [
        ({"highway": "residential"}, False, ("road", "residential", 3, False)),
        ({"highway": "trunk_link"}, False, ("road", "trunk_link", 1, False)),
        ({"highway": "footway"}, True, ("road", "footway", 3, False)),
        ({"highway": "pedestrian", "area": "yes"}, True, ("plaza", "pedestrian", 3, True)),
        ({"natural": "water", "water": "lake"}, True, ("water", "lake", 2, True)),
        ({"waterway": "river"}, False, ("water", "river", 1, False)),
        ({"leisure": "park"}, True, ("green", "park", 2, True)),
        ({"railway": "rail"}, False, ("rail", "rail", 2, False)),
        ({"railway": "subway", "tunnel": "yes"}, False, None),
        ({"highway": "bus_stop"}, False, None),
    ],
)
def test_the_ground_is_told_by_its_tags(tags, closed, expected):
    found = ground_of(tags, closed)
    assert (found and (found.kind, found.kind_class, found.rank, found.area)) == expected


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "sidewalk": "both"}, True),
        ({"highway": "trunk", "sidewalk": "separate"}, False),
        ({"highway": "primary", "foot": "use_sidepath"}, False),
    ],
)
def test_tags_say_where_people_may_walk(tags, walkable):
    assert ground_of(tags, closed=False).foot is walkable


@pytest.mark.parametrize(
    ("tags", "layer"),
    [
        ({"highway": "footway"}, 0),
        ({"highway": "footway", "bridge": "yes"}, 1),
        ({"highway": "footway", "bridge": "yes", "layer": "2"}, 2),
        ({"highway": "footway", "tunnel": "yes"}, -1),
        ({"highway": "footway", "tunnel": "building_passage"}, 0),
        ({"highway": "footway", "tunnel": "yes", "layer": "below"}, -1),
        ({"waterway": "river", "layer": "-1"}, 0),
        ({"highway": "footway", "indoor": "yes", "layer": "-2"}, -2),
    ],
)
def test_tags_say_on_which_layer_a_way_lies(tags, layer):
    assert layer_of(tags) == layer


def test_ways_keep_their_layer(read, tmp_path):
    nodes = [f'<node id="{i}" lat="60.00{i}" lon="25.00{i}"/>' for i in (1, 2)]
    way = '<way id="3"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/><tag k="tunnel" v="yes"/></way>'
    assert read(osm(tmp_path, *nodes, way), Kind.GROUND).column("layer", "ground") == [-1]
