"""Names and addresses lead to the building that is meant, or to a tie that a person settles."""

import pytest
from sqlalchemy.orm import Session

from geo.importers.address_match import KnownBuildings, metres_between
from tests.factories import create_building, square


@pytest.fixture
def names(session: Session):
    """Makes buildings of these names and gives what finds them again, as name."""

    def known(*rows: str | tuple[str, str]):
        buildings = {}
        for number, row in enumerate(rows):
            name, address = row if isinstance(row, tuple) else (row, None)
            outline = square(121.47 + number * 0.02)
            made = create_building(session, outline, name=name, name_en=None, address=address, address_en=None)
            buildings[made.id] = made
        found = KnownBuildings(session.connection().connection.driver_connection)

        def find(name, address=None, position=None):
            match = found.find(name, address, position)
            return buildings[match.building.id] if match.building else match

        return find

    return known


@pytest.mark.parametrize(
    "written",
    [
        "云澜大厦",
        "雲瀾大廈",
        "云澜大楼",
        "云 澜 大 厦",
        "云澜大厦（地铁站旁）1203室",
        "某某区海湾路300号云澜大厦1203室",
    ],
)
def test_spellings_of_one_name_meet(names, written):
    assert names("云澜大厦", "江口中心")(written).name == "云澜大厦"


@pytest.mark.parametrize(
    "written", ["云澜大厦3号楼", "云澜大厦3栋", "云澜大厦三号楼", "云澜大厦３＃", "云澜大厦3幢1203"]
)
def test_spellings_of_one_block_meet(names, written):
    assert names("云澜大厦3座", "云澜大厦2座")(written).name == "云澜大厦3座"


def test_a_block_that_is_not_known_is_not_the_whole(names):
    match = names("云澜大厦")("海湾路300号云澜大厦B座1203室")
    assert (match.building, match.tie) == (None, False)


def test_the_longest_name_inside_an_address_is_meant(names):
    assert names("海湾", "海湾国际中心")(None, "海湾路3号海湾国际中心8层").name == "海湾国际中心"


def test_english_names_count_as_whole_words_only(names):
    find = names("Oswin House", "Mill")
    assert find(None, "Suite 3, Oswin House, 38 Mill Road").name == "Oswin House"
    assert find(None, "Windmill House, 4 Mill Road").building is None


def test_house_numbers_are_not_parts_of_longer_ones(names):
    find = names((None, "海湾路30号"), (None, "海湾路300号"))
    assert find(None, "海湾路300号1203室").address == "海湾路300号"
    assert find(None, "海湾路30号").address == "海湾路30号"
    assert find(None, "海湾路3号").building is None


def test_the_address_decides_between_namesakes(names):
    find = names(("云澜大厦", "海湾路300号"), ("云澜大厦", "江口路5号"))
    assert find("云澜大厦", "江口路5号").address == "江口路5号"
    assert find("云澜大厦").tie


def test_the_position_decides_between_namesakes(names):
    find = names("云澜大厦", "云澜大厦")
    near_second = find("云澜大厦", None, (121.4901, 31.23))
    assert near_second is not find("云澜大厦", None, (121.4699, 31.23))
    assert find("云澜大厦", None, (122.0, 31.23)).tie


def test_a_miss_names_what_comes_closest(names):
    match = names("云澜大厦", "江口中心")("云蓝大厦")
    assert match.candidates == ("云澜大厦",)


def test_beside_an_unknown_name_an_address_must_be_the_whole_of_one(names):
    find = names(("外环18号", None), ("云澜大厦", "海湾路300号"))
    assert find("东澜楼", "外环18号").name == "外环18号"
    assert find("东澜楼", "海湾路300号").name == "云澜大厦"
    assert find("东澜楼", "海湾路300号云澜大厦旁").building is None


def test_metres_between_positions():
    assert metres_between((121.47, 31.23), (121.48, 31.23)) == pytest.approx(951, abs=2)
    assert metres_between((121.47, 31.23), (121.47, 31.24)) == pytest.approx(1112, abs=2)
