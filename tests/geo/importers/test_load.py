"""Rows of a file meet a table: added once, updated where they differ, left alone where others know better."""

import numpy as np
import shapely
from sqlalchemy import select

from geo.importers.load import Stage
from geo.importers.running import Run
from geo.model import Building, FieldEdit, ImportChange, ImportRun, SourceKey
from tests.factories import create_building, create_source, square

FIELDS = ("name", "geom", "height_m", "managed", "aliases", "gross_area_m2")


def start(session, source, publishable=True):
    run = ImportRun(source_id=source.id, kind="buildings", file_name="a.csv")
    session.add(run)
    session.flush()
    return Run(run.id, source.id, publishable, session.connection().connection.driver_connection)


def load(session, run, rows, fields=FIELDS):
    """`rows`: key → values; everything not named is empty."""
    stage = Stage(run, "buildings", fields)
    outline = shapely.to_wkb(square())
    columns = {name: [row.get(name, outline if name == "geom" else None) for row in rows.values()] for name in fields}
    stage.add(np.arange(1, len(rows) + 1), columns, keys=list(rows))
    merged = stage.merge()
    session.expire_all()
    return merged


def counts(merged):
    return merged.added, merged.updated, merged.unchanged


def the_building(session, key="w1"):
    return session.scalars(select(Building).where(Building.source_key == key)).one()


def test_new_rows_get_codes_defaults_and_an_entry_in_the_run(session):
    run = start(session, create_source(session))
    merged = load(session, run, {"w1": {"name": "云澜大厦", "height_m": 88.5}, "w2": {"aliases": "甲\x1f乙"}})
    assert counts(merged) == (2, 0, 0)
    first, second = the_building(session), the_building(session, "w2")
    assert (first.name, first.height_m, first.status, first.managed) == ("云澜大厦", 88.5, "operating", False)
    assert second.aliases == ["甲", "乙"]
    assert len(first.code) == 8
    assert first.code != second.code
    changes = session.scalars(select(ImportChange).where(ImportChange.run_id == run.id)).all()
    assert {(change.row_id, change.before) for change in changes} == {(first.id, None), (second.id, None)}


def test_repeating_a_file_changes_nothing(session):
    source = create_source(session)
    rows = {"w1": {"name": "云澜大厦", "gross_area_m2": 30250.129}, "w2": {}}
    load(session, start(session, source), rows)
    stamp = the_building(session).updated_at
    assert counts(load(session, start(session, source), rows)) == (0, 0, 2)
    assert the_building(session).updated_at == stamp


def test_an_update_touches_what_differs_and_remembers_it(session):
    source = create_source(session)
    load(session, start(session, source), {"w1": {"name": "云澜大厦", "height_m": 88}})
    code = the_building(session).code
    run = start(session, source)
    assert counts(load(session, run, {"w1": {"name": "云澜中心", "height_m": 88}})) == (0, 1, 0)
    change = session.scalars(select(ImportChange).where(ImportChange.run_id == run.id)).one()
    assert (change.before, change.after) == ({"name": "云澜大厦"}, {"name": "云澜中心"})
    assert the_building(session).code == code


def test_fields_the_file_does_not_have_keep_their_value(session):
    source = create_source(session)
    load(session, start(session, source), {"w1": {"name": "云澜大厦", "height_m": 88}})
    load(session, start(session, source), {"w1": {"name": "云澜中心"}}, fields=("name", "geom"))
    assert the_building(session).height_m == 88


def test_what_staff_corrected_is_left_alone_and_counted(session):
    source = create_source(session)
    load(session, start(session, source), {"w1": {"name": "云澜大厦", "height_m": 88}})
    building = the_building(session)
    building.name = "云澜广场"
    session.add(FieldEdit(table_name="buildings", row_id=building.id, field="name"))
    session.flush()
    merged = load(session, start(session, source), {"w1": {"name": "云澜大厦", "height_m": 90}})
    assert dict(merged.kept) == {("name", True): 1}
    assert (the_building(session).name, the_building(session).height_m) == ("云澜广场", 90)


def test_a_withdrawn_row_comes_back_with_its_code_unless_staff_withdrew_it(session):
    source = create_source(session)
    load(session, start(session, source), {"w1": {}, "w2": {}})
    codes = [the_building(session, key).code for key in ("w1", "w2")]
    for key in ("w1", "w2"):
        the_building(session, key).withdrawn_at = "2026-01-01"
    session.add(FieldEdit(table_name="buildings", row_id=the_building(session, "w2").id, field="withdrawn_at"))
    session.flush()
    assert counts(load(session, start(session, source), {"w1": {}, "w2": {}})) == (0, 1, 1)
    assert the_building(session).withdrawn_at is None
    assert the_building(session, "w2").withdrawn_at is not None
    assert [the_building(session, key).code for key in ("w1", "w2")] == codes


def test_a_key_that_was_purged_gets_its_old_code_again(session):
    source = create_source(session)
    session.add(SourceKey(source_id=source.id, table_name="buildings", key="w1", code="abcd1234"))
    load(session, start(session, source), {"w1": {}})
    assert the_building(session).code == "abcd1234"


def test_a_building_once_followed_floor_by_floor_stays_so(session):
    source = create_source(session)
    load(session, start(session, source), {"w1": {"managed": True}})
    assert counts(load(session, start(session, source), {"w1": {"managed": False}})) == (0, 0, 1)


def test_another_source_speaks_of_a_building_and_a_repeat_of_the_first_does_not_undo_it(session):
    building = create_building(session, name="云澜大厦", height_m=88.0)
    building.source_key = "w1"
    session.flush()
    office = start(session, create_source(session))
    stage = Stage(office, "buildings", ["name"], known=True)
    stage.add(np.array([1]), {"name": ["云澜国际大厦"]}, ids=[building.id])
    assert counts(stage.merge()) == (0, 1, 0)
    first = Run(start(session, create_source(session)).id, building.source_id, True, office.connection)
    merged = load(session, first, {"w1": {"name": "云澜大厦", "height_m": 99}}, fields=("name", "height_m"))
    assert (the_building(session).name, the_building(session).height_m) == ("云澜国际大厦", 99)
    assert dict(merged.kept) == {("name", False): 1}


def test_what_may_not_be_published_hides_the_building_it_speaks_of(session):
    building = create_building(session)
    office = start(session, create_source(session, publishable=False, secrecy="internal"), publishable=False)
    stage = Stage(office, "buildings", ["name"], known=True)
    stage.add(np.array([1]), {"name": ["云澜国际大厦"]}, ids=[building.id])
    stage.merge()
    session.expire_all()
    assert not building.publishable


def test_a_code_that_is_taken_is_drawn_again(session, monkeypatch):
    draws = iter([bytes(16), bytes(8 * [1])])
    monkeypatch.setattr("os.urandom", lambda count: next(draws))
    load(session, start(session, create_source(session)), {"w1": {}, "w2": {}})
    codes = {the_building(session).code, the_building(session, "w2").code}
    assert len(codes) == 2
