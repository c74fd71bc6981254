"""Small maps show what one would draw by hand of a place."""

from sqlalchemy.orm import Session

from geo.model import GroundFeature
from tests.factories import HERE, _add, create_source
from webmap.plans import box_around, shapes_in


def test_fences_and_gates_are_not_drawn(session: Session) -> None:
    source, (lon, lat) = create_source(session), HERE
    line = f"SRID=4326;LINESTRING({lon - 0.001} {lat}, {lon + 0.001} {lat})"
    _add(session, GroundFeature(kind="road", road_class="residential", geom=line, source_id=source.id))
    _add(session, GroundFeature(kind="barrier", road_class="fence", geom=line, foot=False, source_id=source.id))
    gate = f"SRID=4326;POINT({lon} {lat})"
    _add(session, GroundFeature(kind="barrier", road_class="gate", geom=gate, source_id=source.id))
    assert [shape.kind for shape in shapes_in(session, box_around(lon, lat, 0.002, 0.002), staff=False)] == ["road"]
