"""Staff take an accepted return back: what it said is true no longer, and the building owes the week again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from geo.history import Author, UnitChange, change_units
from geo.model import AuditEntry, Offer, Unit, UnitState
from tests.web import post_form, text_of
from tests.webmap.vacancy.reporting import report
from webmap.vacancy.models import ReturnLine, VacancyReturn


@pytest.fixture
def page(session, manager, clerk, tower, units, settings) -> str:
    """The page of a return that is accepted: a unit that was let is vacant and offered."""
    before = UnitState(unit_id=units[0].id, occupancy="tenant", contract="let", source_id=units[0].source_id)
    before.valid = f"[{settings.today() - timedelta(days=40)},)"
    session.add(before)
    session.flush()
    report(manager, tower, units[0], state="vacant", offered="1", rent_amount="4.2", rent_unit="cny_m2_day")
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    assert post_form(clerk, page, page, act="accept").status_code == 303
    session.expire_all()
    assert session.get_one(Unit, units[0].id).public_status == "vacant"
    return page


def test_a_return_taken_back_is_true_no_longer_and_owed_again(session, client, manager, clerk, tower, units, page):
    answer = post_form(clerk, page, f"{page}/undo", reason="报错了楼")
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Unit, units[0].id).public_status == "in_use"
    assert session.scalars(select(Offer.id).where(func.upper_inf(Offer.known))).all() == []
    assert "元/m²·天" not in text_of(client.get(f"/u/{units[0].code}").text)
    assert session.scalars(select(VacancyReturn.state)).one() == "open"
    shown = text_of(clerk.get(page).text)
    assert "已撤销" in shown
    assert "报错了楼" in shown
    assert "撤销这份周报" not in shown
    assert "报错了楼" in manager.get(f"/return/{tower.code}").text
    audited = select(AuditEntry.after).where(AuditEntry.table_name == "vacancy_returns")
    assert session.scalars(audited.order_by(AuditEntry.id.desc())).first()["state"] == "open"
    assert report(manager, tower, units[0], key="another-key", state="own_use").status_code == 303
    assert session.scalars(select(VacancyReturn.state)).one() == "received"


def test_a_return_on_which_later_facts_stand_is_kept_and_they_are_named(session, clerk, units, page, settings):
    held = session.scalars(select(ReturnLine.state_id)).one()
    change = UnitChange(units[0].id, {"occupancy": "own_use"}, settings.today(), held)
    change_units(session, [change], by=Author(units[0].source_id), today=settings.today())
    answer = post_form(clerk, page, f"{page}/undo", reason="报错了楼")
    assert answer.status_code == 409
    assert units[0].label in text_of(answer.text)
    session.expire_all()
    assert session.scalars(select(VacancyReturn.state)).one() == "accepted"
    held = select(UnitState.occupancy).where(UnitState.unit_id == units[0].id, func.upper_inf(UnitState.known))
    assert "own_use" in session.scalars(held).all()


def test_a_return_is_taken_back_with_a_reason_only_and_by_staff(session, manager, clerk, tower, page):
    assert post_form(clerk, page, f"{page}/undo", reason=" ").status_code == 422
    assert post_form(manager, f"/return/{tower.code}", f"{page}/undo", reason="不对").status_code == 403
    assert session.scalars(select(VacancyReturn.state)).one() == "accepted"


def test_no_change_taken_back_counts_no_longer_and_the_manager_reads_why(
    session, manager, clerk, tower, units, settings
):
    before = settings.today() - timedelta(days=9)
    for unit in units:
        state = UnitState(unit_id=unit.id, occupancy="tenant", contract="let", source_id=unit.source_id)
        state.valid, state.reported_on = f"[{before - timedelta(days=40)},)", before
        session.add(state)
    session.flush()
    post_form(manager, f"/return/{tower.code}", f"/return/{tower.code}", key="nothing-new")
    session.expire_all()
    assert units[0].reported_on == settings.today()
    page = f"/desk/returns/{session.scalars(select(VacancyReturn.id)).one()}"
    assert post_form(clerk, page, f"{page}/undo", reason="周五看到 1203 已搬空").status_code == 303
    session.expire_all()
    assert {unit.reported_on for unit in units} == {before}
    assert session.scalars(select(VacancyReturn.state)).one() == "open"
    for shown in (manager.get(f"/return/{tower.code}").text, manager.get("/return").text):
        assert "撤销理由：周五看到 1203 已搬空" in text_of(shown)
        assert "退回理由" not in text_of(shown)
    post_form(manager, f"/return/{tower.code}", f"/return/{tower.code}", key="nothing-new-again")
    session.expire_all()
    assert session.scalars(select(VacancyReturn.state)).one() == "accepted"
