"""A source that is new goes straight into the table, with the very result that comparing row by row would have had."""

import threading

import numpy as np
import pyarrow as pa
import pytest
import shapely
from psycopg.errors import CheckViolation
from sqlalchemy import func, select, text

from geo.errors import ImportRefusedError
from geo.importers.codes import Codes
from geo.importers.new_rows import NewRows, is_new
from geo.importers.running import Run
from geo.importers.undo import undo
from geo.model import Building, ImportChange, ImportRun, SourceKey
from tests.factories import create_building, create_source, square
from tests.geo.importers.importing import TODAY, bring, counts, geojson

OWN = {"id", "code", "source_id", "updated_at"}


def start(session, source):
    run = ImportRun(source_id=source.id, kind="buildings", file_name="a.csv")
    session.add(run)
    session.flush()
    return Run(run.id, source.id, True, session.connection().connection.driver_connection)


def add(rows, *keys, first_row=1, heights=None):
    outline = shapely.to_wkb(square())
    columns = {"geom": np.array([outline] * len(keys), object), "height_m": heights or [10.0] * len(keys)}
    rows.add(np.arange(first_row, first_row + len(keys)), columns, keys=pa.array(keys))


def contents(session, source):
    """Everything that the rows of a source say, by their keys."""
    columns = [column for column in Building.__table__.c if column.name not in OWN]
    return session.execute(select(*columns).where(Building.source_id == source).order_by(Building.source_key)).all()


def notes(session, run):
    of_run = select(ImportChange.row_id, ImportChange.last_row_id).where(ImportChange.run_id == run)
    return session.execute(of_run.order_by(ImportChange.row_id)).all()


@pytest.fixture
def file(tmp_path):
    """Buildings with a bit of everything: names, lists, doubtful halves, gaps, the same row twice, one id for two."""
    said = [
        {"id": 1, "名称": "云澜大厦", "别名": "甲;乙", "高度": 88.5, "建筑面积": 1234.125, "等级": "甲级"},
        {"id": 2, "地址": "海湾路（南）1号", "地上层数": 12, "电梯": 4},
        {"id": 3, "物业费": "18元/㎡·月", "竣工年份": 2012, "状态": "在建"},
        {"名称": "无号楼"},
        {"名称": "无号楼"},
        {"id": 5, "名称": "同号一"},
        {"id": 6},
    ]
    places = [121.47 + 0.001 * index for index in range(len(said))]
    places[4] = places[3]
    shapes = [square(lon) for lon in places]
    shapes[5] = shapes[5].geoms[0]
    return geojson(tmp_path / "a.geojson", *zip(shapes, said, strict=True))


def test_the_result_is_that_of_comparing_every_row(session, file):
    known = create_source(session, name="known")
    session.add(SourceKey(source_id=known.id, table_name="buildings", key="gone", code="abcd1234"))
    straight = bring(session, file, "buildings", source_name="new", source_publishable=True)
    compared = bring(session, file, "buildings", source_name="known")
    assert counts(straight) == counts(compared)
    assert [issue.sentence() for issue in straight.issues] == [issue.sentence() for issue in compared.issues]
    new = session.scalars(select(Building.source_id).where(Building.source_id != known.id)).first()
    assert contents(session, new) == contents(session, known.id)
    assert straight.rows["added"] == 6


def test_a_repeat_finds_everything_as_it_was(session, file):
    bring(session, file, "buildings")
    again = counts(bring(session, file, "buildings"))
    assert (again["unchanged"], again.get("added"), again.get("updated")) == (6, None, None)


def test_a_run_notes_its_rows_as_one_range_and_takes_them_back(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", *((square(121.4 + n / 1000), {"id": n}) for n in range(50)))
    report = bring(session, path, "buildings")
    run = session.scalars(select(ImportRun).where(ImportRun.code == report.run)).one()
    [(first, last)] = notes(session, run.id)
    assert last - first == 49
    codes = dict(session.execute(select(Building.source_key, Building.code)).all())
    assert undo(session, report.run, TODAY).withdrawn == {"buildings": 50}
    assert session.scalar(select(func.count()).where(Building.withdrawn_at.is_(None))) == 0
    bring(session, path, "buildings")
    assert dict(session.execute(select(Building.source_key, Building.code)).all()) == codes


def test_rows_that_a_later_run_has_changed_stay_when_the_first_is_taken_back(session, tmp_path):
    rows = [(square(121.4 + n / 1000), {"id": n, "高度": 10}) for n in range(5)]
    first = bring(session, geojson(tmp_path / "a.geojson", *rows), "buildings")
    rows[2][1]["高度"] = 20
    bring(session, geojson(tmp_path / "a.geojson", *rows), "buildings")
    undone = undo(session, first.run, TODAY)
    assert (undone.withdrawn, undone.kept_rows) == ({"buildings": 4}, {"buildings": 1})


def test_ids_that_somebody_else_has_drawn_between_are_nobodys_of_the_run(session):
    run = start(session, create_source(session))
    rows = NewRows(run, "buildings", ["geom", "height_m"])
    add(rows, "w1", "w2")
    other = create_building(session)
    add(rows, "w3", "w4", "w5", first_row=3)
    assert rows.merge().added == 5
    ranges = [range(first, last + 1) for first, last in notes(session, run.id)]
    assert [len(each) for each in ranges] == [2, 3]
    assert not any(other.id in each for each in ranges)


def test_a_row_that_repeats_one_of_an_earlier_batch_is_left_out_or_named_apart(session):
    run = start(session, create_source(session))
    rows = NewRows(run, "buildings", ["geom", "height_m"])
    add(rows, "w1", "w2")
    add(rows, "w2", "w1", first_row=3, heights=[10.0, 33.0])
    merged = rows.merge()
    assert [(r.row, r.first, r.key, r.again) for r in merged.repeats] == [(3, 2, "w2", True), (4, 1, "w1", False)]
    assert (merged.added, merged.unchanged) == (3, 0)
    found = session.execute(select(Building.source_key, Building.height_m).order_by(Building.source_key)).all()
    assert [tuple(row) for row in found] == [("w1", 10.0), ("w1#2", 33.0), ("w2", 10.0)]


def test_rows_whose_hashes_meet_by_chance_are_all_added(session, monkeypatch):
    monkeypatch.setattr("geo.importers.seen.hash", lambda value: 0, raising=False)
    rows = NewRows(start(session, create_source(session)), "buildings", ["geom", "height_m"])
    add(rows, "w1", "w2")
    add(rows, "w3", "w1", first_row=3)
    merged = rows.merge()
    assert (merged.added, [(r.row, r.first, r.again) for r in merged.repeats]) == (3, [(4, 1, True)])
    assert session.scalars(select(Building.source_key).order_by(Building.source_key)).all() == ["w1", "w2", "w3"]


def test_a_source_that_was_here_before_is_compared(session):
    here, gone, new = (create_source(session) for _ in range(3))
    create_building(session, source_id=here.id)
    session.add(SourceKey(source_id=gone.id, table_name="buildings", key="w1", code="abcd1234"))
    session.flush()
    assert [is_new(start(session, source), "buildings") for source in (here, gone, new)] == [False, False, True]


def test_what_goes_wrong_in_the_background_is_raised_where_it_is_waited_for(session):
    run = start(session, create_source(session))
    rows = NewRows(run, "buildings", ["geom", "height_m"])
    add(rows, "w1", heights=[5000.0])
    with pytest.raises(CheckViolation, match="ck_buildings_height"):
        rows.merge()
    run.close()


def test_nobody_speaks_on_the_connection_while_the_thread_writes(session):
    run = start(session, create_source(session))
    may_end, order = threading.Event(), []
    run.in_background(lambda connection: (may_end.wait(10), order.append("written")))
    threading.Timer(0.05, may_end.set).start()
    run.connection.execute("SELECT 1")
    order.append("asked")
    run.close()
    assert order == ["written", "asked"]


@pytest.mark.parametrize("before", [0, 25_000], ids=["few", "many"])
def test_codes_are_drawn_again_where_they_are_taken(session, monkeypatch, before):
    source = create_source(session)
    create_building(session, code="00000000")
    session.add(SourceKey(source_id=source.id, table_name="buildings", key="w1", code="00000001"))
    session.flush()
    codes = Codes(start(session, source), "buildings")
    given = codes.draw(before).to_pylist()
    numbers = [np.array(drawn, np.int64).tobytes() for drawn in ([0, 1, 2, 2], [0, 2, 3], [4, 5])]
    monkeypatch.setattr("os.urandom", lambda count: numbers.pop(0))
    drawn = codes.draw(4).to_pylist()
    assert drawn == [b"00000004", b"00000005", b"00000002", b"00000003"]
    assert len({*given, *drawn}) == before + 4


def test_a_trusted_file_is_taken_as_it_is(session, tmp_path):
    bow = shapely.MultiPolygon(
        [shapely.Polygon([(121.47, 31.23), (121.471, 31.231), (121.471, 31.23), (121.47, 31.231)])]
    )
    path = geojson(tmp_path / "a.geojson", (bow, {"id": 1, "建筑面积": 100.125}), (square(), {"id": 2}))
    report = bring(session, path, "buildings", trusted=True)
    assert counts(report) == {"read": 2, "added": 2}
    assert [issue.code for issue in report.issues] == ["not_checked", "crs_assumed"]
    assert not session.scalar(text("SELECT bool_and(ST_IsValid(geom)) FROM buildings"))
    assert counts(bring(session, path, "buildings", trusted=True)) == {"read": 2, "unchanged": 2}


def test_an_id_that_stands_twice_in_a_trusted_file_is_refused_with_the_remedy(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"id": 7}), (square(121.48), {"id": 7}))
    with pytest.raises(ImportRefusedError, match=r"7\).*without --trusted"), session.begin_nested():
        bring(session, path, "buildings", trusted=True)
    assert session.scalar(select(func.count()).select_from(Building)) == 0


def test_only_buildings_can_be_trusted(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"名称": "江湾街道", "级别": "街道"}))
    with pytest.raises(ImportRefusedError, match="Only files of buildings can be trusted"):
        bring(session, path, "areas", trusted=True)
