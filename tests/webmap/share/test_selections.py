"""A promoter sends a client a private selection; the client reads, marks and asks without an account."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_user
from tests.web import post_form, sign_in, text_of
from tests.webmap.share.sending import ASKER, act, sent
from webmap.models import Inquiry, Mail
from webmap.share import selections
from webmap.share.models import ShortLink
from webmap.share.selection_models import PasscodeTry, Selection


def test_the_client_reads_what_was_put_together(promoter: FlaskClient, reader: FlaskClient, units: list[Unit]) -> None:
    first, second, third = units
    token = sent(
        promoter, units, greeting="上周谈到的几处。", sender="招商中心 021-5550000",
        **{f"n.{first.code}": "采光最好", f"place.{first.code}": "3", f"place.{third.code}": "1"},
    )  # fmt: skip
    answer = reader.get(f"/s/{token}")
    page = text_of(answer.text)
    assert all(said in page for said in ("为海原科技选的 3 处", "上周谈到的几处。", "招商中心 021-5550000", "采光最好"))
    assert [answer.text.index(f'id="{unit.code}"') for unit in (third, second, first)] == sorted(
        answer.text.index(f'id="{unit.code}"') for unit in units
    )
    assert "三年平均每月" in page
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_place_left_empty_takes_a_unit_away(promoter: FlaskClient, units: list[Unit], session: Session) -> None:
    token = sent(promoter, units, **{f"place.{units[1].code}": ""})
    made = selections.of_link(session, session.scalars(select(ShortLink).filter_by(token=token)).one())
    assert [item.code for item in made.items] == [units[0].code, units[2].code]


def test_its_token_is_longer_and_its_address_speaks_its_language(promoter: FlaskClient, units: list[Unit]) -> None:
    token = sent(promoter, units, "/en")
    assert len(token) == 12
    assert f"http://localhost/en/s/{token}" in promoter.get(f"/desk/links/{token}").text


def test_a_passcode_is_asked_for(promoter: FlaskClient, reader: FlaskClient, units: list[Unit]) -> None:
    token = sent(promoter, units, passcode="haiyuan88")
    locked = reader.get(f"/s/{token}")
    assert "请输入口令" in locked.text
    assert "海原科技" not in locked.text
    viewing = f"viewing.ics?at=2099-01-01T10:00&u={units[0].code}"
    for path in ("selection.xlsx", "selection.pdf", "selection.pptx", viewing):
        assert reader.get(f"/s/{token}/{path}").location == f"/s/{token}"
    assert act(reader, token, "open", passcode="haiyuan99").status_code == 403
    assert act(reader, token, "open", passcode="haiyuan88").status_code == 303
    assert "海原科技" in reader.get(f"/s/{token}").text
    other = promoter.application.test_client()
    assert "海原科技" not in other.get(f"/s/{token}").text
    assert "海原科技" in promoter.get(f"/s/{token}").text, "who has set it need not say it"


def test_guessing_is_stopped(promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session) -> None:
    token = sent(promoter, units, passcode="haiyuan88")
    link = session.scalars(select(ShortLink).filter_by(token=token)).one()
    session.add_all(PasscodeTry(link_id=link.id, network="127.0.0.1") for _ in range(selections.PER_NETWORK))
    session.flush()
    refused = act(reader, token, "open", passcode="haiyuan88")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_new_passcode_closes_what_the_old_one_opened(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit]
) -> None:
    token = sent(promoter, units, passcode="haiyuan88")
    act(reader, token, "open", passcode="haiyuan88")
    own = f"/desk/selections/{token}"
    assert post_form(promoter, own, own, name="为海原科技选的", u=units[0].code, passcode="another1").status_code == 303
    assert "请输入口令" in reader.get(f"/s/{token}").text


def test_favourites_are_kept_and_shown_to_the_maker(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit]
) -> None:
    token = sent(promoter, units)
    assert act(reader, token, "like", u=units[1].code).location == f"/s/{token}#{units[1].code}"
    assert reader.get(f"/s/{token}").text.count('aria-pressed="true"') == 1
    assert "901" in text_of(re.search(r'id="liked".*?</section>', promoter.get(f"/desk/links/{token}").text, re.S)[0])
    act(reader, token, "like", u=units[1].code)
    assert 'aria-pressed="true"' not in reader.get(f"/s/{token}").text
    assert act(reader, token, "like", u="nothing1").status_code == 404


def test_a_question_lands_where_inquiries_land(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units)
    answer = act(reader, token, "ask", about=units[2].code, body="能不能分租一半？", **ASKER)
    assert answer.status_code == 303
    inquiry = session.scalars(select(Inquiry)).one()
    assert inquiry.unit_id == units[2].id
    assert "能不能分租一半？" in inquiry.messages[0].body
    assert token in inquiry.messages[0].body
    mails = session.scalars(select(Mail)).all()
    assert [mail.recipient for mail in mails] == ["promoter@example.com"]
    assert "王女士" not in mails[0].body
    assert f"/inquiries/{inquiry.code}/" in reader.get(answer.location).text


@pytest.mark.parametrize("missing", ["name", "contact", "agreed", "body"])
def test_an_incomplete_question_comes_back_with_what_was_said(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session, missing: str
) -> None:
    token = sent(promoter, units)
    said = {"body": "能不能分租一半？", **ASKER}
    answer = act(reader, token, "ask", **{name: value for name, value in said.items() if name != missing})
    assert answer.status_code == 422
    assert missing == "body" or "能不能分租一半？" in answer.text
    assert session.scalars(select(Inquiry)).all() == []


def test_a_viewing_is_asked_for_and_put_into_a_calendar(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units)
    at = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT10:30")
    answer = act(reader, token, "viewing", u=[units[0].code, units[2].code], at=at, **ASKER)
    assert answer.status_code == 303, text_of(answer.text)
    assert at.replace("T", " ") in session.scalars(select(Inquiry)).one().messages[0].body
    calendar = re.search(r'href="([^"]+viewing\.ics[^"]+)"', reader.get(answer.location).text)[1].replace("&amp;", "&")
    (event,) = Calendar.from_ical(reader.get(calendar).data).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(promoter.application.extensions["loumap_settings"].timezone).hour == 10
    assert "801" in event["summary"]
    assert "1001" in event["summary"]


@pytest.mark.parametrize("at", ["2020-01-01T10:00", "soon", "2999-01-01T10:00", ""])
def test_a_viewing_needs_a_time_to_come(promoter: FlaskClient, reader: FlaskClient, units: list[Unit], at: str) -> None:
    token = sent(promoter, units)
    assert act(reader, token, "viewing", u=units[0].code, at=at, **ASKER).status_code == 422
    assert reader.get(f"/s/{token}/viewing.ics?at={at}&u={units[0].code}").status_code == 422


def test_changes_since_it_was_sent_are_marked(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    let, dearer, same = units
    token = sent(promoter, units)
    assert "发出后" not in reader.get(f"/s/{token}").text
    session.execute(text("UPDATE selections SET sent_at = sent_at - interval '1 minute'"))
    let.occupancy, let.public_status, let.rent_amount, let.rent_unit = "tenant", "in_use", None, None
    let.rent_cny_m2_day = None
    dearer.rent_amount, dearer.rent_cny_m2_day = 6, 6.0
    session.flush()
    page = reader.get(f"/s/{token}").text
    said = {unit.code: text_of(re.search(rf'id="{unit.code}".*?</li>', page, re.S)[0]) for unit in units}
    assert re.search("发出后 星期.起已租出", said[let.code])
    assert "租金 5 元/m²·天 → 6 元/m²·天" in said[dearer.code]
    assert "发出后" not in said[same.code]
    assert "有 2 处有变化" in text_of(page)


def test_a_requirement_gives_scores(promoter: FlaskClient, reader: FlaskClient, units: list[Unit]) -> None:
    token = sent(promoter, units, requirement="http://localhost/match?area=200&rent_max=6")
    page = text_of(reader.get(f"/s/{token}").text)
    assert page.count("/100") == 3
    assert "得分的理由" in page


def test_of_a_divisible_unit_the_cost_is_that_of_the_area_asked_for(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    units[0].area_m2, units[0].min_area_m2 = Decimal(1000), Decimal(200)
    session.flush()
    whole = text_of(reader.get(f"/s/{sent(promoter, units[:1])}").text)
    # 5 a day and m², 365/12 days a month: of 1,000 m² and of the 250 that come nearest to what is asked for.
    assert "三年平均每月 152,083 元" in whole
    part = text_of(reader.get(f"/s/{sent(promoter, units[:1], requirement='area=250')}").text)
    assert "面积 250 m²，共 1,000 m²" in part
    assert "三年平均每月 38,021 元" in part
    assert "费用所按面积 250 m²" in part


def test_what_fails_a_must_says_so_instead_of_a_score(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit]
) -> None:
    token = sent(promoter, units, requirement="area=200&rent_max=2&must=rent")
    page = text_of(reader.get(f"/s/{token}").text)
    assert "/100" not in page
    assert "不合必须的条件 租金 5 元/m²·天" in page


def test_a_building_is_sent_beside_units_with_what_is_to_let_in_it(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    tower = session.get_one(Building, units[0].building_id)
    token = sent(
        promoter, units[:1], b=tower.code,
        **{f"place.{tower.code}": "1", f"place.{units[0].code}": "2", f"n.{tower.code}": "三层都空着"},
        requirement="area=200&rent_max=6",
    )  # fmt: skip
    page = reader.get(f"/s/{token}").text
    house = text_of(re.search(rf'id="{tower.code}".*?</li>', page, re.S)[0])
    for told in ("云澜大厦", "三层都空着", "今天可租的单元 3", "801", "1001", "按 ", "/100", "5 元/m²·天"):
        assert told in house
    assert page.index(f'id="{tower.code}"') < page.index(f'id="{units[0].code}"')
    assert act(reader, token, "like", u=tower.code).status_code == 303
    assert act(reader, token, "ask", about=tower.code, body="整幢能谈吗？", **ASKER).status_code == 303
    inquiry = session.scalars(select(Inquiry)).one()
    assert (inquiry.building_id, inquiry.unit_id) == (tower.id, None)
    book = openpyxl.load_workbook(BytesIO(reader.get(f"/s/{token}/selection.xlsx").data))
    assert [cell.value for cell in book["楼宇的可租单元"]["C"]] == ["单元", "801", "901", "1001"]


def test_units_that_leave_or_come_to_a_building_are_told(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    units[2].public_status = "in_use"
    session.flush()
    tower = session.get_one(Building, units[0].building_id)
    token = sent(promoter, units[:1], b=tower.code)
    units[0].public_status, units[2].public_status = "in_use", "vacant"
    session.flush()
    house = text_of(re.search(rf'id="{tower.code}".*?</li>', reader.get(f"/s/{token}").text, re.S)[0])
    assert "发出后 801 已不在租" in house
    assert "发出后 新增可租 1001" in house


@pytest.mark.parametrize("typed", ["http://loumap.example/en/b/{tower}?sort=1", "{tower}", "云澜大厦"])
def test_an_item_is_added_by_address_code_or_name_before_the_link_is_made(
    promoter: FlaskClient, units: list[Unit], session: Session, typed: str
) -> None:
    tower = session.get_one(Building, units[0].building_id).code
    form = "/desk/selections/new"
    said = {"u": units[0].code, "greeting": "您好", "more": typed.format(tower=tower), "act": "more"}
    page = post_form(promoter, form, form, **said)
    assert page.status_code == 200
    assert f'name="b" value="{tower}"' in page.text
    assert "您好" in page.text
    assert session.scalars(select(Selection)).all() == []


def test_a_unit_is_added_by_the_name_of_its_building_and_its_number(promoter: FlaskClient, units: list[Unit]) -> None:
    form = "/desk/selections/new"
    page = post_form(promoter, form, form, more="云澜大厦 901", act="more").text
    assert f'name="u" value="{units[1].code}"' in page
    unknown = post_form(promoter, form, form, more="没有这座楼 9", act="more")
    assert unknown.status_code == 422
    assert 'value="没有这座楼 9"' in unknown.text


def test_what_is_picked_can_be_added_to_what_was_sent_before(
    promoter: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units[:1])
    offered = promoter.get(f"/desk/selections/new?u={units[2].code}").text
    own = f"/desk/selections/{token}"
    assert f'href="{own}?u={units[2].code}"' in offered
    page = promoter.get(f"{own}?u={units[2].code}").text
    assert page.index(f'name="u" value="{units[0].code}"') < page.index(f'name="u" value="{units[2].code}"')


def test_it_is_taken_away_as_a_workbook(
    promoter: FlaskClient, reader: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units, requirement="area=200&rent_max=6", **{f"n.{units[0].code}": "采光最好"})
    units[2].rent_amount, units[2].rent_cny_m2_day = 5.5, 5.5
    session.flush()
    sheet = openpyxl.load_workbook(BytesIO(reader.get(f"/s/{token}/selection.xlsx").data)).worksheets[0]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(each.startswith("为海原科技选的 3 处") for each in said)
    assert "采光最好" in said
    heads = [cell.value for cell in sheet[3]]
    scores = [sheet.cell(row, heads.index("得分") + 1).value for row in (4, 5, 6)]
    assert all(0 < score <= 100 for score in scores)
    assert "租金 5" in sheet.cell(6, heads.index("发出后的变化") + 1).value


def test_withdrawn_it_opens_nothing_any_more(promoter: FlaskClient, reader: FlaskClient, units: list[Unit]) -> None:
    token = sent(promoter, units)
    post_form(promoter, f"/desk/links/{token}", f"/desk/links/{token}", act="withdraw")
    papers = ("/selection.xlsx", "/selection.pdf", "/selection-long.pdf", "/selection.pptx")
    for path in ("", *papers, "/viewing.ics", "/said"):
        assert reader.get(f"/s/{token}{path}").status_code == 410, path


def test_what_cannot_be_kept_is_said_and_nothing_is_lost(promoter: FlaskClient, units: list[Unit]) -> None:
    form = "/desk/selections/new"
    page = f"{form}?u={units[0].code}"
    for wrong in ({"u": []}, {"name": ""}, {"passcode": "abc"}, {"requirement": "area=big"}, {"greeting": "x" * 2000}):
        said = {"name": "为海原科技", "greeting": "您好", "u": [units[0].code], **wrong}
        answer = post_form(promoter, page, form, **said)
        assert answer.status_code == 422, wrong
        assert "您好" in answer.text or "greeting" in wrong
    many = ",".join(f"x{n:07}" for n in range(51))
    assert promoter.get(f"{form}?u={many}").status_code == 422


def test_a_selection_of_somebody_else_cannot_be_changed(
    promoter: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units)
    create_user(session, "promoter", name="other")
    other = promoter.application.test_client()
    sign_in(other, "other")
    assert other.get(f"/desk/selections/{token}").status_code == 404
    assert "海原科技" not in other.get("/desk/links").text


def test_some_time_after_its_end_nothing_of_it_is_kept(
    promoter: FlaskClient, units: list[Unit], session: Session
) -> None:
    token = sent(promoter, units)
    session.execute(text("UPDATE short_links SET withdrawn_at = now() - interval '91 days'"))
    assert selections.prune(session, 90) == 1
    assert session.scalars(select(Selection)).all() == []
    assert promoter.get(f"/s/{token}").status_code == 404
