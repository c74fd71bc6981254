"""Walls, fences and gates of OpenStreetMap stop people on foot, or do not."""

import pytest

from geo.importers.fields import Kind
from geo.importers.osm_barriers import gate_of, stated_layer, wall_of


@pytest.mark.parametrize("kind", ["wall", "fence", "city_wall", "retaining_wall", "guard_rail", "hedge"])
def test_walls_stop_people(kind):
    assert wall_of({"barrier": kind}) == kind


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "kerb"},
        {"barrier": "bollard"},
        {"barrier": "fence", "location": "roof"},
        {"barrier": "wall", "foot": "yes"},
        {},
    ],
)
def test_a_kerb_or_a_railing_on_a_roof_stops_nobody(tags):
    assert wall_of(tags) is None


@pytest.mark.parametrize(
    ("tags", "passed"),
    [
        ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, True),
        ({"barrier": "lift_gate", "foot": "no"}, False),
        ({"barrier": "swing_gate", "locked": "yes"}, False),
        ({"barrier": "bollard", "access": "no"}, True),
        ({"barrier": "bollard", "foot": "no"}, False),
        ({"barrier": "kissing_gate"}, True),
        ({"barrier": "stile", "foot": "yes"}, True),
        ({"barrier": "entrance"}, True),
        ({"barrier": "wall"}, False),
        ({"barrier": "kerb"}, None),
        ({"amenity": "cafe"}, None),
    ],
)
def test_a_gate_is_open_unless_something_says_otherwise(tags, passed):
    assert gate_of(tags) is passed


@pytest.mark.parametrize(("tags", "layer"), [({"layer": "-1"}, -1), ({"layer": "2"}, 2), ({"layer": "high"}, 0)])
def test_a_railing_may_stand_on_a_bridge(tags, layer):
    assert stated_layer(tags) == layer


def test_walls_and_gates_are_read_as_ground(read):
    found = read("barriers.osm", Kind.BUILDINGS)
    rows = zip(*(found.column(name, "ground") for name in ("source_id", "kind", "class", "foot")), strict=True)
    assert {row for row in rows if row[1] == "barrier"} == {
        ("way/120/barrier", "barrier", "wall", False),
        ("way/121/barrier", "barrier", "fence", False),
        ("node/31/barrier", "barrier", "gate", True),
        ("node/32/barrier", "barrier", "gate", False),
        ("node/33/barrier", "barrier", "bollard", True),
    }


def test_the_fence_of_a_playground_leaves_the_playground(read):
    found = read("barriers.osm", Kind.BUILDINGS)
    shapes = dict(zip(found.column("source_id", "ground"), found.geometry("ground"), strict=True))
    assert (shapes["way/121"].geom_type, shapes["way/121/barrier"].geom_type) == ("Polygon", "LineString")
