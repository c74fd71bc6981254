"""Accounts from the terminal."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_area, create_building, create_user
from tests.terminal import Run
from webmap.auth import invitations, resets, second_factor
from webmap.auth.models import User, UserSession
from webmap.auth.operations import begin, find_user, prove
from webmap.db import Database
from webmap.errors import SignInRefusedError
from webmap.models import Mail


@pytest.fixture
def accounts(live_database: Database) -> Iterator[Session]:
    with live_database.new_session() as session:
        yield session


@pytest.fixture
def li(accounts: Session) -> User:
    made = create_user(accounts, name="Li")
    accounts.commit()
    return made


def _token(output: str) -> str:
    return output.strip().rpartition("/")[2]


def test_an_account_that_is_added_can_sign_in(run: Run, accounts: Session) -> None:
    assert run("user", "add", "Wang", "--role", "administrator", typed=f"{PASSWORD}\n").exit_code == 0
    user = prove(accounts, "wang", PASSWORD)
    assert [held.role for held in user.roles] == ["administrator"]
    assert "Wang: administrator" in run("user", "list").output


def test_a_made_up_password_is_shown_once_and_works(run: Run, accounts: Session) -> None:
    password = run("user", "add", "Li", "--random").output.strip().rpartition(" ")[2]
    assert prove(accounts, "Li", password)


def test_a_new_password_ends_open_sessions(run: Run, accounts: Session) -> None:
    begin(accounts, create_user(accounts, name="Li"), None, None)
    accounts.commit()
    assert run("user", "password", "li", typed="four new unrelated words\n").exit_code == 0
    accounts.expire_all()
    assert accounts.scalars(select(UserSession.revoked_at)).one() is not None
    with pytest.raises(SignInRefusedError):
        prove(accounts, "Li", PASSWORD)


def test_a_disabled_account_is_listed_as_such(run: Run, accounts: Session) -> None:
    create_user(accounts, name="Li")
    accounts.commit()
    run("user", "disable", "Li")
    assert "Li: no role (disabled)" in run("user", "list").output


def test_nothing_is_kept_of_a_refused_account(run: Run, accounts: Session) -> None:
    run("user", "add", "Wang", typed="short\n")
    assert accounts.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "Wang"), "short\n", "Error: A password has 12 to 256 characters"),
        (("password", "nobody"), "", "Error: There is no account 'nobody'; ./loumap user list"),
        (("add", "Wang", "--role", "king"), "", "'king' is not one of 'administrator'"),
        (("invite", "manager", "--building", "nowhere"), "", "Error: There is no building 'nowhere'; its page has"),
        (("invite", "chief", "--area", "nowhere"), "", "Error: There is no area 'nowhere'; its page has"),
        (("invite", "chief", "--area", "a", "--building", "b"), "", "an area or a building, not both"),
        (("invite", "staff", "--email", "no address"), "", "Error: 'no address' is not an address"),
        (("role", "Li", "staff", "--remove"), "", "Error: Li does not have this role there."),
        (("add", " "), f"{PASSWORD}\n", "Error: '' cannot be the name of an account."),
    ],
)
def test_a_mistake_is_answered_in_words(run: Run, li: User, arguments: tuple[str, ...], typed: str, said: str) -> None:
    answer = run("user", *arguments, typed=typed)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_a_role_is_given_for_a_place_and_taken_again(run: Run, accounts: Session, li: User) -> None:
    area, tower = create_area(accounts), create_building(accounts, name="海棠中心")
    accounts.commit()
    assert "Li: manager of 海棠中心" in run("user", "role", "li", "manager", "--building", tower.code).output
    run("user", "role", "li", "chief", "--area", area.code)
    assert "Li: chief of 江湾街道, manager of 海棠中心" in run("user", "list").output
    run("user", "role", "li", "manager", "--building", "海棠中心", "--remove")
    assert "Li: chief of 江湾街道\n" in run("user", "list", "li").output


def test_an_invitation_from_the_terminal_opens_an_account(run: Run, accounts: Session) -> None:
    tower = create_building(accounts)
    accounts.commit()
    answer = run("user", "invite", "owner", "--building", tower.code, "--email", "zhao@example.com")
    found = invitations.opened(accounts, _token(answer.output))
    assert (found.role, found.building_id) == ("owner", tower.id)
    assert _token(answer.output) in accounts.scalars(select(Mail.body)).one()


def test_a_link_for_a_new_password_can_take_the_second_factor_away(run: Run, accounts: Session, li: User) -> None:
    li.factor_nonce, li.factor_since = second_factor.new_nonce(), li.created_at
    accounts.commit()
    assert "Li: no role (second factor)" in run("user", "list").output
    token = _token(run("user", "reset", "li", "--factor").output)
    resets.use(accounts, resets.opened(accounts, token), "four new unrelated words")
    accounts.commit()
    assert prove(accounts, "li", "four new unrelated words").factor_nonce is None


def test_sessions_are_listed_and_ended(run: Run, accounts: Session, li: User) -> None:
    begin(accounts, li, "192.0.2.7", "Mozilla/5.0 (iPhone)")
    accounts.commit()
    assert "192.0.2.7  Mozilla/5.0 (iPhone)" in run("user", "sessions", "li").output
    assert "All ended." in run("user", "sessions", "li", "--end").output
    assert run("user", "sessions", "li").output == ""


def test_the_last_administrator_cannot_be_closed(run: Run, accounts: Session) -> None:
    create_user(accounts, "administrator", name="Wang")
    accounts.commit()
    assert "make another administrator first" in run("user", "disable", "Wang").output
    assert "make another administrator first" in run("user", "role", "Wang", "administrator", "--remove").output
    assert find_user(accounts, "Wang").disabled_at is None


def test_a_closed_account_can_be_opened_again(run: Run, accounts: Session, li: User) -> None:
    run("user", "disable", "li")
    assert run("user", "enable", "li").exit_code == 0
    assert prove(accounts, "li", PASSWORD)
