import pytest

from geo.errors import UnknownFieldError
from geo.importers.columns import closest_fields, recognise, unit_of
from geo.importers.fields import FIELDS, Kind


def fields(headings, kind, **options):
    return {heading: use.field for heading, use in recognise(headings, kind, **options).fields.items()}


def test_chinese_headings_of_a_building_register_are_understood():
    headings = [
        "楼宇名称",
        "地 址",
        "建筑面积(万㎡)",
        "地上层数",
        "高度（m）",
        "标准层面积㎡",
        "投入使用时间",
        "经度",
        "纬度",
    ]
    assert list(fields(headings, Kind.BUILDINGS).values()) == [
        "name",
        "address",
        "gross_area_m2",
        "floors_above",
        "height_m",
        "typical_floor_area_m2",
        "completed_year",
        "lon",
        "lat",
    ]


@pytest.mark.parametrize(
    "spelling", ["Gross Floor Area (sqm)", "gross_floor_area", "GrossFloorArea", "总建筑面积", "總建築面積"]
)
def test_spelling_case_and_script_do_not_matter(spelling):
    assert fields([spelling], Kind.BUILDINGS) == {spelling: "gross_area_m2"}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("租金(元/㎡·天)", "元/㎡·天"),
        ("租金（元／㎡·天）", "元／㎡·天"),
        ("租金 / 元/㎡·天", "元/㎡·天"),
        ("日租金", "元/㎡·天"),
        ("月租金(元)", "元·月"),
        ("建筑面积(万㎡)", "万㎡"),
        ("面积/㎡", "㎡"),
        ("Area_sqft", "sqft"),
        ("地址(详细)", None),
        ("名称", None),
    ],
)
def test_the_unit_of_a_heading_is_kept(heading, unit):
    assert unit_of(heading) == unit


def test_levels_of_a_merged_header_are_read_from_the_lowest():
    headings = ["楼宇/邮编", "位置 / 地址", "位置 / 纬度", "税务 / 用途", "租金 / 元/㎡·天"]
    assert list(fields(headings, Kind.UNITS).values()) == ["building", "address", "lat", "use", "rent"]


def test_what_is_not_recognised_is_listed_with_the_closest_fields():
    found = recognise(["楼宇名称", "办公建筑面积合计"], Kind.BUILDINGS)
    assert found.unrecognised[0][0] == "办公建筑面积合计"
    assert "gross_area_m2" in found.unrecognised[0][1]


def test_of_two_headings_for_one_field_the_nearer_word_is_read():
    found = recognise(["id", "osm_id", "name"], Kind.BUILDINGS)
    assert found.heading_of("source_id") == "osm_id"
    assert found.seconds == [("id", "source_id", "osm_id")]


def test_a_mapping_outranks_recognition_and_can_leave_a_heading_out():
    assert fields(["名称", "标题"], Kind.BUILDINGS, mapping={"标题": "name", "名称": ""}) == {"标题": "name"}


def test_a_mapping_to_an_unknown_field_names_the_closest():
    with pytest.raises(UnknownFieldError, match="did you mean 'gross_area_m2'"):
        recognise(["foo"], Kind.BUILDINGS, {"foo": "grose_area"})


def test_a_mapping_of_a_heading_that_is_not_there_lists_the_headings():
    with pytest.raises(UnknownFieldError, match="名称"):
        recognise(["名称"], Kind.BUILDINGS, {"title": "name"})


def test_a_required_field_without_heading_is_named():
    assert recognise(["地址"], Kind.ENTERPRISES).missing_required == ["name"]


def test_footprint_area_is_not_taken_for_floor_area():
    assert fields(["area"], Kind.BUILDINGS) == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_name_of_every_field_is_its_own_heading(kind):
    assert fields(list(FIELDS[kind]), kind) == {name: name for name in FIELDS[kind]}


def test_short_words_inside_other_words_are_no_hint():
    assert "rent" not in closest_fields("current", Kind.UNITS)
