"""A file that says nothing of its datum is recognised by where its points fall."""

import csv
from pathlib import Path

import numpy as np
import pytest

from geo.crs import Datum, wgs84_to_bd09, wgs84_to_gcj02
from geo.datum_shift import likely_datum_shift


def city(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Invented known features, scattered over about 5 by 5 km."""
    random = np.random.default_rng(seed)
    return random.uniform(120.70, 120.75, count), random.uniform(30.74, 30.79, count)


def noisy(places: tuple[np.ndarray, np.ndarray], count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first places as another surveyor draws them, some 5 m off."""
    random = np.random.default_rng(1)
    return places[0][:count] + random.normal(0, 5e-5, count), places[1][:count] + random.normal(0, 5e-5, count)


def test_a_file_in_wgs84_raises_no_suspicion() -> None:
    known = city(800, seed=7)
    guess = likely_datum_shift(*noisy(known, 200), *known)
    assert guess.datum == Datum.WGS84
    assert not guess.is_shifted


@pytest.mark.parametrize(("shift", "datum"), [(wgs84_to_gcj02, Datum.GCJ02), (wgs84_to_bd09, Datum.BD09)])
def test_a_shifted_file_is_recognised(shift: object, datum: Datum) -> None:
    known = city(800, seed=7)
    guess = likely_datum_shift(*shift(*noisy(known, 200)), *known)  # type: ignore[operator]
    assert guess.datum == datum
    assert guess.is_shifted
    assert guess.median_m[datum] < 10 < guess.median_m[Datum.WGS84]


def test_points_of_another_kind_raise_no_suspicion() -> None:
    assert not likely_datum_shift(*city(300, seed=8), *city(800, seed=7)).is_shifted


def test_a_file_of_another_city_cannot_be_judged() -> None:
    lon, lat = city(300, seed=8)
    assert likely_datum_shift(lon + 1.0, lat, *city(800, seed=7)).datum is None


def test_nothing_known_or_nothing_read_cannot_be_judged() -> None:
    assert likely_datum_shift([], [], *city(10, seed=7)).datum is None
    assert likely_datum_shift(*city(10, seed=7), [], []).datum is None
    assert likely_datum_shift([np.nan] * 20, [1.0] * 20, *city(10, seed=7)).datum is None


def read_points(path: Path, lon: str, lat: str) -> tuple[list[float], list[float]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [float(row[lon]) for row in rows], [float(row[lat]) for row in rows]


@pytest.mark.real_data
def test_metro_stations_of_a_chinese_map_are_recognised(shared_data: Path) -> None:
    known = read_points(shared_data / "shanghai_poi/shanghai_urban.csv", "lon", "lat")
    shifted = read_points(shared_data / "messy/shanghai_metro_gcj02.csv", "经度", "纬度")
    line_2 = read_points(shared_data / "shanghai_poi/metrostop2.csv", "lon", "lat")
    assert likely_datum_shift(*shifted, *known).datum == Datum.GCJ02
    assert not likely_datum_shift(*line_2, *known).is_shifted
