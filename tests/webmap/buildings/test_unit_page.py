"""The page of a unit: what is public of it, and nothing else."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.model import Floor, Offer, Unit, UnitState
from tests.factories import create_building, create_floor, create_offer, create_source, create_unit, square
from tests.web import text_of
from webmap.buildings.history import Stretch, status_history
from webmap.buildings.past import load_archive

TODAY = date(2026, 11, 21)


@pytest.fixture
def floor(session: Session) -> Floor:
    return create_floor(session, create_building(session), 15, label="17")


def lived(session: Session, unit: Unit, *stretches: tuple[date, date | None, str, str]) -> None:
    """Give the unit a history of (from, to, occupancy, contract)."""
    source = create_source(session)
    for start, end, occupancy, contract in stretches:
        state = {"occupancy": occupancy, "contract": contract, "source_id": source.id}
        session.add(UnitState(unit_id=unit.id, valid=Range(start, end), **state))
    session.flush()


def test_a_unit_states_area_rent_floor_and_status(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor, label="1701", area_m2=320, min_area_m2=150, rent_amount=4.5, rent_cny_m2_day=4.5)
    text = text_of(client.get(f"/u/{unit.code}").text)
    assert "云澜大厦 1701 可租" in text
    assert "面积 320 m² 建筑面积 · 150 m² 起可分割" in text
    assert "挂牌租金 4.5 元/m²·天 ≈ 136.9 元/m²·月" in text
    assert "楼层 17 层 自下第 15 层，共 20 层" in text


def test_a_let_unit_shows_no_rent_even_if_one_is_kept(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor, public_status="in_use", rent_amount=7.77, rent_cny_m2_day=7.77)
    page = client.get(f"/u/{unit.code}").text
    assert "7.77" not in page and "未挂牌" in page


def test_the_units_of_its_floor_stand_beside_it(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor)
    other = create_unit(session, floor, public_status="in_use")
    elsewhere = create_unit(session, create_floor(session, position=3), area_m2=5000)
    page = client.get(f"/u/{unit.code}").text
    plan = page[page.index('<table class="stacking') : page.index("</table>")]
    assert set(re.findall(r'href="/u/(\w+)"', plan)) == {unit.code, other.code}
    assert elsewhere.code not in plan
    assert re.search(rf'href="/u/{unit.code}"[^>]* aria-current="true"', plan)


def test_terms_come_from_the_published_offer(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor)
    published = datetime(2026, 3, 1, tzinfo=UTC)
    offer = create_offer(session, unit, published_at=published, rent_free_months=3, tax_included=True)
    unit.offer_id = offer.id
    session.flush()
    assert "租赁条件 方式 出租 税 已含 免租期 3 个月" in text_of(client.get(f"/u/{unit.code}").text)


def test_what_months_without_rent_and_handing_back_cost_is_told(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor)
    terms = {"rent_free_months": 2, "rent_free_with_fee": False, "restoration_cny_m2": 150}
    unit.offer_id = create_offer(session, unit, published_at=datetime(2026, 3, 1, tzinfo=UTC), **terms).id
    session.flush()
    page = text_of(client.get(f"/u/{unit.code}").text)
    assert "免租期 2 个月，物业费照付" in page
    assert "恢复原状 150 元/m²，退租时" in page


@pytest.mark.parametrize(
    "gone", [{"withdrawn_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"valid": Range(None, date(2026, 1, 1))}]
)
def test_a_unit_that_no_longer_stands_is_not_found(client: FlaskClient, session: Session, floor: Floor, gone: dict):
    assert client.get(f"/u/{create_unit(session, floor, **gone).code}").status_code == 404


def test_a_unit_of_a_hidden_building_is_not_found(client: FlaskClient, session: Session):
    hidden = create_floor(session, create_building(session, publishable=False))
    assert client.get(f"/u/{create_unit(session, hidden).code}").status_code == 404


def test_similar_units_are_near_in_size_and_place_and_on_the_market(
    client: FlaskClient, session: Session, floor: Floor
):
    unit = create_unit(session, floor, area_m2=300)
    near = create_floor(session, create_building(session, square(121.472, 31.231), name="邻岸大厦"))
    far = create_floor(session, create_building(session, square(121.9, 31.9)))
    alike, divisible = create_unit(session, near, area_m2=320), create_unit(session, near, area_m2=550, min_area_m2=100)
    unlike = [
        create_unit(session, near, area_m2=1000),
        create_unit(session, near, area_m2=310, public_status="in_use"),
        create_unit(session, far, area_m2=300),
    ]
    page = client.get(f"/u/{unit.code}").text
    similar = page[page.index('id="similar"') :]
    assert re.findall(r'href="/u/(\w+)"', similar) == [alike.code, divisible.code]
    assert not any(other.code in similar for other in unlike)


def test_history_tells_public_status_by_month(session: Session, floor: Floor):
    unit = create_unit(session, floor)
    lived(
        session,
        unit,
        (date(2026, 5, 10), date(2026, 8, 15), "vacant", "none"),
        (date(2026, 8, 15), None, "tenant", "let"),
    )
    assert status_history(load_archive(session, floor.building_id), unit.id, TODAY) == [
        Stretch("vacant", date(2026, 6, 1), date(2026, 8, 1), 3),
        Stretch("in_use", date(2026, 9, 1), date(2026, 11, 1), 3),
    ]


def test_history_keeps_contracts_in_talks_and_tenants_to_itself(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor, label="1702", public_status="vacant")
    lived(session, unit, (date(2026, 6, 1), None, "vacant", "talks"))
    assert [stretch.status for stretch in status_history(load_archive(session, floor.building_id), unit.id, TODAY)] == [
        "vacant"
    ]
    assert "洽谈" not in client.get(f"/u/{unit.code}").text


def test_history_says_soon_only_while_a_published_offer_did(session: Session, floor: Floor):
    unit = create_unit(session, floor)
    lived(session, unit, (date(2026, 1, 1), None, "tenant", "let"))
    times = {"valid": Range(date(2026, 10, 1), None), "published_at": datetime(2026, 9, 28, tzinfo=UTC)}
    create_offer(session, unit, available_on=date(2027, 2, 1), **times)
    draft: Offer = create_offer(session, unit, available_on=date(2027, 2, 1), valid=Range(date(2026, 3, 1), None))
    assert draft.published_at is None
    statuses = [
        (stretch.status, stretch.months)
        for stretch in status_history(load_archive(session, floor.building_id), unit.id, TODAY)
    ]
    assert statuses == [("in_use", 9), ("soon", 2)]


def test_months_of_which_nothing_is_known_are_unknown_not_vacant(session: Session, floor: Floor):
    unit = create_unit(session, floor)
    lived(
        session,
        unit,
        (date(2026, 1, 1), date(2026, 4, 1), "vacant", "none"),
        (date(2026, 9, 1), None, "tenant", "let"),
    )
    assert [stretch.status for stretch in status_history(load_archive(session, floor.building_id), unit.id, TODAY)] == [
        "vacant",
        "unknown",
        "in_use",
    ]


def test_a_unit_without_known_area_still_has_a_page(client: FlaskClient, session: Session, floor: Floor):
    unit = create_unit(session, floor, area_m2=None)
    answer = client.get(f"/u/{unit.code}")
    assert answer.status_code == 200 and "面积 — 建筑面积" in text_of(answer.text)


def test_a_rent_for_the_whole_unit_is_given_per_day_and_month_too(client: FlaskClient, session: Session, floor: Floor):
    rent = {"rent_amount": Decimal(98000), "rent_unit": "cny_month", "rent_cny_m2_day": 98000 * 12 / 365 / 1300}
    unit = create_unit(session, floor, area_m2=1300, **rent)
    text = text_of(client.get(f"/u/{unit.code}").text)
    assert "98,000 元/月 ≈ 2.48 元/m²·天 · ≈ 75.4 元/m²·月" in text


def test_search_engines_are_offered_only_what_is_on_the_market(client: FlaskClient, session: Session, floor: Floor):
    vacant, let = create_unit(session, floor), create_unit(session, floor, public_status="in_use")

    def kinds(unit: Unit) -> list[str]:
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(f"/u/{unit.code}").text)
        assert found
        return [thing["@type"] for thing in json.loads(found[1])["@graph"]]

    assert (kinds(vacant), kinds(let)) == (
        ["Place", "BreadcrumbList", "Offer", "RealEstateListing"],
        ["Place", "BreadcrumbList"],
    )
