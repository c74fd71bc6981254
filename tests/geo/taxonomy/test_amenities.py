"""Places of an OpenStreetMap extract and of an AMap extract fall into the same twenty categories."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from geo.errors import UnknownValueError
from geo.taxonomy import amenity_categories, amenity_from_text, amenity_of_amap, amenity_of_osm

LUCIDE = Path(__file__).parents[3] / "node_modules" / "lucide-static" / "icons"


def test_there_are_twenty_categories_each_with_an_icon() -> None:
    assert len({category.code for category in amenity_categories()}) == 20
    if not LUCIDE.is_dir():
        pytest.skip("the icons are not installed: npm ci")
    assert [category.icon for category in amenity_categories() if not (LUCIDE / f"{category.icon}.svg").exists()] == []


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"railway": "station", "station": "subway", "name": "海湾站"}, "metro"),
        ({"railway": "station"}, "rail"),
        ({"highway": "bus_stop", "public_transport": "platform"}, "bus"),
        ({"railway": "tram_stop"}, "bus"),
        ({"amenity": "restaurant", "cuisine": "chinese"}, "restaurant"),
        ({"amenity": "restaurant;cafe"}, "restaurant"),
        ({"office": "lawyer"}, "law"),
        ({"tourism": "hotel", "building": "yes"}, "hotel"),
        ({"leisure": "garden", "name": "海湾花园"}, "park"),
        ({"leisure": "garden"}, None),
        ({"building": "yes"}, None),
        ({}, None),
    ],
)
def test_openstreetmap_tags_give_the_category(tags: dict[str, str], code: str | None) -> None:
    assert amenity_of_osm(tags) == code


@pytest.mark.parametrize(
    ("type_text", "code"),
    [
        ("交通设施服务;地铁站;地铁站", "metro"),
        ("餐饮服务;中餐厅;火锅店", "restaurant"),
        ("餐饮服务;咖啡厅;星巴克咖啡", "cafe"),
        ("生活服务;事务所;律师事务所", "law"),
        ("住宿服务;宾馆酒店;五星级宾馆", "hotel"),
        ("医疗保健服务;动物医疗场所;宠物诊所|医疗保健服务;综合医院;综合医院", "hospital"),
        ("医疗保健服务;动物医疗场所;宠物诊所", None),
        ("交通设施服务;地铁站出入口;x", None),
        ("", None),
    ],
)
def test_amap_types_give_the_category(type_text: str, code: str | None) -> None:
    assert amenity_of_amap(type_text) == code


def test_categories_are_known_by_name() -> None:
    assert amenity_from_text("地鐵站").code == "metro"
    assert amenity_from_text("Hotel").code == "hotel"
    with pytest.raises(UnknownValueError, match="银行"):
        amenity_from_text("银行业")


def test_no_name_leads_to_two_categories() -> None:
    names = Counter(name for category in amenity_categories() for name in {category.name, *category.aliases})
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "code", "least"),
    [("urban", "metro", 449), ("bus", "bus", 10186), ("school", "school", 6140), ("Theatr_Cinema", "culture", 750)],
)
def test_real_extracts_fall_into_their_category(shared_data: Path, file: str, code: str, least: int) -> None:
    with (shared_data / f"shanghai_poi/shanghai_{file}.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = Counter(amenity_of_amap(row["type"]) for row in csv.DictReader(lines))
    assert found[code] >= least
