"""Somebody corrects what a file said: the correction is noted, stands above files, and can be released."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import shapely
from sqlalchemy import select

from geo.editing.fields import mark_of, release, set_fields, take_back
from geo.editing.sayings import sayings_of
from geo.errors import BadParameterError, EditConflictError, NotFoundError, UnknownFieldError
from geo.importers.load import Stage
from geo.importers.running import Run
from geo.model import FieldEdit, ImportRun
from tests.factories import create_building, create_source, square

ZHANG, LI = 7, 8


@pytest.fixture
def building(session):
    source = create_source(session, name="测绘院")
    return create_building(session, source_id=source.id, source_key="w1", gross_area_m2=30000)


def bring(session, building, **row):
    """A file of the building's source says something of it."""
    run = ImportRun(source_id=building.source_id, kind="buildings", file_name="a.csv")
    session.add(run)
    session.flush()
    driver = session.connection().connection.driver_connection
    stage = Stage(Run(run.id, building.source_id, True, driver), "buildings", list(row))
    stage.add(np.array([1]), {name: [value] for name, value in row.items()}, keys=[building.source_key])
    merged = stage.merge()
    run.state = "done"
    session.flush()
    session.expire_all()
    return merged


def said_now(building, **said):
    return {**mark_of("buildings", building), **said}


def test_only_what_differs_is_noted_with_what_it_was(session, building):
    edits = set_fields(session, building, {"name": " 云澜 中心 ", "floors_above": "20", "star": "4"}, by=ZHANG)
    noted = {edit.field: (edit.before, edit.after, edit.user_id, edit.ended_at) for edit in edits}
    assert noted == {"name": ("云澜大厦", "云澜 中心", ZHANG, None), "star": (None, 4, ZHANG, None)}
    assert (building.name, building.star, building.floors_above) == ("云澜 中心", 4, 20)


def test_a_new_name_is_found(session, building):
    set_fields(session, building, {"name": "栖霞中心", "aliases": "栖霞大厦; QX"}, by=ZHANG)
    assert building.aliases == ["栖霞大厦", "QX"]
    assert "qixiazhongxin" in building.search_text


@pytest.mark.parametrize(
    ("field", "text", "allowed"),
    [
        ("floors_above", "3.5", "a whole number from 0 to 300"),
        ("floors_above", "1e9999", "a whole number|a number from 0 to 300"),
        ("height_m", "-1", "from 0 to 999"),
        ("gross_area_m2", "abc", "a number from"),
        ("status", "closed", "operating, under_construction, planned"),
        ("themes", "nothing", "fintech|finance|,"),
        ("name", "x" * 201, "1 to 200 characters"),
        ("leasable_area_m2", "31000", "not more than gross_area_m2"),
        ("publishable", "maybe", "yes, no"),
    ],
)
def test_a_text_that_a_field_does_not_take_is_refused_with_what_is_allowed(session, building, field, text, allowed):
    with pytest.raises(BadParameterError, match=allowed):
        set_fields(session, building, {field: text}, by=ZHANG)


def test_fields_that_are_not_set_by_hand_are_refused(session, building):
    with pytest.raises(UnknownFieldError, match="code"):
        set_fields(session, building, {"code": "abc"}, by=ZHANG)


def test_a_repeated_import_keeps_the_correction_and_leaves_its_own_word_beside_it(session, building):
    set_fields(session, building, {"name": "云澜中心"}, by=ZHANG)
    merged = bring(session, building, name="云澜大厦", height_m=91)
    assert (building.name, building.height_m) == ("云澜中心", 91)
    assert dict(merged.kept) == {("name", True): 1}
    edit = session.scalars(select(FieldEdit)).one()
    assert (edit.file_value, edit.file_run_id is not None) == ("云澜大厦", True)


def test_what_is_released_takes_the_word_of_the_last_file_and_the_next_one_wins(session, building):
    set_fields(session, building, {"name": "云澜中心", "gross_area_m2": "30,250.5"}, by=ZHANG)
    bring(session, building, name="云澜广场", gross_area_m2=29000.25)
    edit = release(session, building, "gross_area_m2", by=LI)
    assert (building.gross_area_m2, edit.ended_as, edit.ended_by) == (Decimal("29000.25"), "released", LI)
    release(session, building, "name", by=LI, take=False)
    assert building.name == "云澜中心"
    bring(session, building, name="云澜塔", gross_area_m2=28000)
    assert (building.name, building.gross_area_m2) == ("云澜塔", 28000)
    with pytest.raises(NotFoundError, match="released already"):
        release(session, building, "name", by=LI)


def test_an_outline_that_staff_drew_stays_until_it_is_released(session, building):
    drawn, filed = square(half=0.0003), square(half=0.0004)
    set_fields(session, building, {"geom": drawn.wkt}, by=ZHANG)
    bring(session, building, geom=shapely.to_wkb(filed))
    assert shapely.equals(shapely.from_wkb(bytes(building.geom.data)), drawn)
    release(session, building, "geom", by=ZHANG)
    assert shapely.equals(shapely.from_wkb(bytes(building.geom.data)), filed)


def test_a_correction_is_taken_back_once(session, building):
    first, *_ = set_fields(session, building, {"name": "云澜中心"}, by=ZHANG)
    second, *_ = set_fields(session, building, {"name": "云澜广场"}, by=LI)
    with pytest.raises(EditConflictError, match="replaced or ended"):
        take_back(session, building, first, by=ZHANG)
    take_back(session, building, second, by=ZHANG)
    assert (building.name, second.ended_as, first.ended_as) == ("云澜中心", "undone", "replaced")


def test_the_second_writer_of_a_field_is_told_what_the_first_made_of_it(session, building):
    seen = mark_of("buildings", building)
    set_fields(session, building, said_now(building, name="云澜中心") | {"geom": square().wkt}, by=ZHANG, seen=seen)
    with pytest.raises(EditConflictError) as told:
        set_fields(session, building, {**seen, "name": "云澜广场", "geom": square().wkt}, by=LI, seen=seen)
    (clash,) = told.value.held
    assert (clash.field, clash.seen, clash.now, clash.said) == ("name", "云澜大厦", "云澜中心", "云澜广场")
    assert clash.edit.user_id == ZHANG


def test_two_writers_of_different_fields_do_not_disturb_each_other(session, building):
    seen = mark_of("buildings", building)
    texts = {**seen, "geom": square().wkt}
    set_fields(session, building, {**texts, "name": "云澜中心"}, by=ZHANG, seen=seen)
    edits = set_fields(session, building, {**texts, "height_m": "90.5"}, by=LI, seen=seen)
    assert [edit.field for edit in edits] == ["height_m"]
    assert (building.name, building.height_m) == ("云澜中心", 90.5)


def test_it_can_be_read_who_said_what(session, building):
    bring(session, building, name="云澜塔")
    set_fields(session, building, {"name": "云澜中心"}, by=ZHANG, reason="楼牌照片")
    told = sayings_of(session, [("buildings", building.id)])
    assert [(each.field, each.after, each.source and each.source.name) for each in told] == [
        ("name", "云澜中心", None),
        ("name", "云澜塔", "测绘院"),
    ]
    assert told[0].edit.reason == "楼牌照片"
    assert told[0].at.date() >= date(2026, 1, 1)
