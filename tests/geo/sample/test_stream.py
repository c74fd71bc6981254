"""Reads the rows of the invented city as a database would."""

import hashlib
import re
from collections import Counter

import pytest
import shapely
from sqlalchemy import inspect

from geo import taxonomy
from geo.model import Base
from geo.sample import SEED, generate
from geo.sample.stream import TABLES
from geo.text import search_keys

INVENTED_PLACES = ("汐州", "虚构")


def fingerprint(buildings, seed, today):
    digest = hashlib.sha256()
    for batch in generate(buildings, seed, today):
        digest.update(batch.text().encode())
    return digest.hexdigest()


def test_the_same_seed_and_day_give_the_same_bytes(today):
    assert fingerprint(2600, 7, today) == fingerprint(2600, 7, today)


def test_another_seed_gives_another_city(today):
    assert fingerprint(120, 7, today) != fingerprint(120, 8, today)


@pytest.mark.parametrize("buildings", [36, 500, 2000, 2047, 2750])
def test_a_city_has_exactly_as_many_buildings_as_asked_for(buildings, today):
    counts = Counter()
    for batch in generate(buildings, SEED, today):
        counts[batch.table] += batch.rows
    assert counts["buildings"] == buildings


def test_every_reference_points_to_a_row_that_came_before(today):
    seen = {}
    for batch in generate(2600, SEED, today, first_id=1000):
        columns = batch.columns
        for key in Base.metadata.tables[batch.table].foreign_keys:
            values = columns.get(key.parent.name)
            held = values if hasattr(values, "__len__") else [values]
            wanted = {int(value) for value in held if value is not None and value == value}
            target = key.column.table.name
            own = set(columns["id"]) if target == batch.table else set()
            assert wanted <= seen.get(target, set()) | own, f"{batch.table}.{key.parent.name}"
        if "id" in columns:
            ids = {int(ident) for ident in columns["id"]}
            assert len(ids) == batch.rows and min(ids) >= 1000
            assert not ids & seen.setdefault(batch.table, set())
            seen[batch.table] |= ids


def test_rows_name_only_columns_of_the_model(today):
    for batch in generate(2200, SEED, today):
        known = {column.name for column in inspect(Base.metadata.tables[batch.table]).columns}
        assert set(batch.columns) <= known
        assert batch.table in TABLES


def test_codes_are_short_readable_and_never_repeated(city_rows):
    for table, rows in city_rows.items():
        codes = [row["code"] for row in rows if "code" in row]
        assert len(set(codes)) == len(codes), table
        assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{8}", code) for code in codes), table


def test_everything_says_that_it_is_invented(district_rows):
    public, internal = district_rows["sources"]
    assert public["invented"] and public["publishable"] and public["secrecy"] == "public"
    assert public["attribution"] == "虚构样例数据 · Invented sample data"
    assert not internal["publishable"] and internal["secrecy"] == "internal"
    for table in ("buildings", "enterprises"):
        kept = [row for row in district_rows[table] if not row["publishable"]]
        assert 1 <= len(kept) <= 5
        assert {row["source_id"] for row in kept} == {internal["id"]}
    assert "虚构" in next(area["name"] for area in district_rows["areas"] if area["level"] == "district")


def test_companies_belong_to_the_invented_city_and_telephones_to_nobody(district_rows):
    names = [row["name"] for row in district_rows["enterprises"]]
    assert all(name.startswith("汐州") for name in names)
    assert len(set(names)) > 0.97 * len(names)
    assert all(row["credit_code"].startswith("91000000") for row in district_rows["enterprises"])
    for party in district_rows["parties"]:
        assert party["business_phone"].startswith("0000-") and party["personal_phone"].startswith("0000-")
        assert party["business_email"].endswith(".invalid")


def test_names_exist_in_both_languages(city_rows):
    for table in ("areas", "complexes", "buildings", "enterprises", "parties", "amenities", "transit_lines"):
        for row in city_rows[table]:
            assert bool(row["name"]) == bool(row["name_en"]), row
            assert not row["name_en"] or row["name_en"].isascii() or "ü" in row["name_en"], row["name_en"]


def test_buildings_are_found_by_what_search_folds_their_names_to(city_rows):
    for row in city_rows["buildings"]:
        if row["name"]:
            assert set(search_keys(row["name"], row["name_en"]).split()) <= set(row["search_text"].split())


def test_industries_grades_and_amenities_are_those_of_the_taxonomies(district_rows):
    for row in district_rows["enterprises"]:
        assert taxonomy.industry_group(row["industry_code"], row["is_headquarters"]) == row["industry_group"]
    wanted = {category.code for category in taxonomy.amenity_categories()}
    assert {row["category"] for row in district_rows["amenities"]} == wanted
    grades = {(grade.scheme, grade.code) for grade in taxonomy.grades()}
    towers = [row for row in district_rows["buildings"] if row["managed"]]
    assert {(row["grade_scheme"], row["grade"]) for row in towers if row["grade"]} <= grades
    themes = {theme for row in towers for theme in row["themes"].strip("{}").split(",") if theme}
    assert len(themes) >= 6 and themes <= {theme.code for theme in taxonomy.themes()}
    assert {row["level"] for row in district_rows["areas"]} == {level.code for level in taxonomy.area_levels()}
    assert {row["fitout"] for row in district_rows["offers"]} == {fitout.code for fitout in taxonomy.fitouts()}


def test_outlines_of_a_whole_city_are_apart_in_the_rows_too(city_rows):
    outlines = shapely.from_wkb([row["geom"] for row in city_rows["buildings"]])
    assert shapely.is_valid(outlines).all()
    left, right = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = left < right
    shared = shapely.area(shapely.intersection(outlines[left[pairs]], outlines[right[pairs]]))
    assert shared.max(initial=0) < 1e-10  # about a square metre in square degrees


def test_a_tenth_of_a_large_city_is_followed_floor_by_floor(today):
    stream, managed, count = generate(24_000, SEED, today), 0, 0
    for batch in stream:
        if batch.table == "buildings":
            managed, count = managed + int(sum(batch.columns["managed"])), count + batch.rows
        if count > 20_000:
            break
    assert 0.08 < managed / count < 0.12
