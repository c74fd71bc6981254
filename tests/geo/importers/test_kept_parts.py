"""What staff corrected of sections and facts stays when the file comes again, with the file's word beside it."""

from shapely import box
from sqlalchemy import select

from geo.editing.fields import release, set_fields
from geo.model import BuildingFact, FieldEdit, Section
from tests.geo.importers.importing import bring, geojson

PODIUM, TOWER = box(0, 0, 0.001, 0.001), box(0, 0, 0.0004, 0.0004)


def test_a_section_that_staff_corrected_stays_but_for_what_they_left_alone(session, tmp_path):
    def file(height, base):
        return geojson(
            tmp_path / "a.geojson",
            (PODIUM, {"id": "b1", "kind": "building"}),
            (TOWER, {"id": "p2", "kind": "building_part", "height": height, "min_height": base, "root_id": "b1"}),
        )

    bring(session, file(90, 20), "buildings")
    section = session.scalars(select(Section)).one()
    wider = box(0, 0, 0.0005, 0.0005)
    set_fields(session, section, {"height_m": "95", "geom": wider.wkt}, by=7)
    report = bring(session, file(92, 24), "buildings")
    section = session.scalars(select(Section)).one()
    assert (section.height_m, section.base_height_m) == (95, 24)
    assert report.issue_counts["kept_for_staff"] == 1
    edits = {edit.field: edit for edit in session.scalars(select(FieldEdit))}
    assert edits["height_m"].file_value == 92
    release(session, section, "height_m", by=7)
    release(session, section, "geom", by=7)
    bring(session, file(93, 24), "buildings")
    section = session.scalars(select(Section)).one()
    assert (section.height_m, session.scalar(select(Section.geom.ST_XMax()))) == (93, 0.0004)


def test_a_fact_that_staff_corrected_stays_until_it_is_released(session, tmp_path):
    def file(air):
        return geojson(tmp_path / "a.geojson", (PODIUM, {"id": 1, "空调": air}))

    bring(session, file("VAV"), "buildings")
    fact = session.scalars(select(BuildingFact)).one()
    set_fields(session, fact, {"value": "分体空调"}, by=7)
    report = bring(session, file("水冷"), "buildings")
    fact = session.scalars(select(BuildingFact)).one()
    assert (fact.value, report.issue_counts["kept_for_staff"]) == ("分体空调", 1)
    release(session, fact, "value", by=7)
    assert fact.value == "水冷"
    bring(session, file("VAV"), "buildings")
    assert session.scalars(select(BuildingFact.value)).one() == "VAV"
