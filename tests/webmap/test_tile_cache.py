"""The memory of ready tiles: within its bytes, of each layer the newest version, what is asked for stays."""

from geo.tiles import Tile
from webmap.tile_answers import TileAddress, TileAnswer
from webmap.tile_cache import OWN_BYTES, TileCache

SIZE = 500


def kept(cache: TileCache, x: int, layer: str = "buildings", version: int = 7) -> TileAddress:
    address = TileAddress(layer, version, Tile(15, x, 3))
    answer = cache.keep(address, TileAnswer(address, bytes(SIZE)))
    answer.used = False
    return address


def test_the_oldest_make_room_when_the_memory_is_full() -> None:
    cache = TileCache(3 * (SIZE + OWN_BYTES))
    addresses = [kept(cache, x) for x in range(5)]
    assert [cache.get(address.key) is not None for address in addresses] == [False, False, True, True, True]


def test_a_tile_that_is_asked_for_goes_round_once_more() -> None:
    cache = TileCache(3 * (SIZE + OWN_BYTES))
    first, second, third = (kept(cache, x) for x in range(3))
    cache.get(first.key).used = True
    kept(cache, 3)
    assert cache.get(first.key)
    assert cache.get(second.key) is None
    assert cache.get(third.key)


def test_a_new_version_drops_the_old_one_of_its_layer_alone() -> None:
    cache = TileCache(10**6)
    old, other, new = kept(cache, 1), kept(cache, 1, "areas"), kept(cache, 1, version=8)
    assert cache.get(old.key) is None
    assert cache.get(other.key)
    assert cache.get(new.key)


def test_a_straggler_of_an_old_version_is_not_kept() -> None:
    cache = TileCache(10**6)
    kept(cache, 1, version=8)
    assert cache.get(kept(cache, 2, version=7).key) is None


def test_what_is_dropped_gives_its_room_back() -> None:
    cache = TileCache(2 * (SIZE + OWN_BYTES))
    kept(cache, 1)
    kept(cache, 2)
    addresses = [kept(cache, x, version=8) for x in (3, 4)]
    assert all(cache.get(address.key) for address in addresses)


def test_of_two_who_read_the_same_tile_the_first_is_kept() -> None:
    cache = TileCache(10**6)
    address = TileAddress("buildings", 7, Tile(15, 1, 3))
    first, second = TileAnswer(address, b"one"), TileAnswer(address, b"two")
    assert cache.keep(address, first) is first
    assert cache.keep(address, second) is first
