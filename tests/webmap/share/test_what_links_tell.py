"""A link tells its reader nothing that the reader could not see by himself, whoever made it."""

from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.crawling import content, found
from tests.factories import create_user
from tests.planted import Planted
from tests.secrets_planted import plant
from tests.web import post_form, sign_in
from webmap.permissions import MAKE_LINKS, RIGHTS
from webmap.share.models import ShortLink

MAKERS = sorted({*RIGHTS[MAKE_LINKS], "administrator"})


@pytest.fixture
def planted(session: Session) -> Planted:
    return plant(session)


@pytest.mark.parametrize("role", MAKERS)
def test_links_of_any_role_show_their_reader_what_is_public(
    app: Flask, session: Session, planted: Planted, role: str
) -> None:
    create_user(session, role, name="maker")
    maker, reader = app.test_client(), app.test_client()
    sign_in(maker, "maker")
    codes = planted.codes_of
    pages = [f"/b/{code}" for code in codes["buildings"][:2]] + [f"/u/{code}" for code in codes["units"][:2]]
    listed = ",".join(codes["units"][:20])
    pages += ["/?occupancy=vacant,in_use", f"/compare?u={listed}", f"/shortlist?u={listed}", "/match?area=200"]
    told = []
    for page in pages:
        for moment in ("live", "frozen"):
            made = post_form(maker, "/share?to=/", "/share", to=page, moment=moment)
            if made.status_code == 303:
                token = made.location.rsplit("/", 1)[-1]
                leads = reader.get(f"/s/{token}")
                # That a link of a hidden thing leads to its code is what its maker said; there it is not found.
                told += [each for each in found(planted, token, content(leads)) if "a hidden code" not in each]
                for address in (leads.location, f"/share?to={quote(page)}"):
                    told += found(planted, address, content(reader.get(address)))
    assert told == []
    assert session.query(ShortLink).filter(ShortLink.as_of.is_not(None)).count() > 0


def test_a_selection_of_the_administrator_shows_its_client_what_is_public(
    app: Flask, session: Session, planted: Planted
) -> None:
    create_user(session, "administrator", name="maker")
    maker, reader = app.test_client(), app.test_client()
    sign_in(maker, "maker")
    units = planted.codes_of["units"][:40]
    made = post_form(maker, "/desk/selections/new", "/desk/selections/new", name="Six", u=units, requirement="area=200")
    token = made.location.rsplit("/", 1)[-1]
    # Codes that the maker put on the list are told; what they hide is not.
    hidden = [code for code in planted.hidden_codes if code in units]
    planted.hidden_codes = [code for code in planted.hidden_codes if code not in hidden]
    for path in ("", "/selection.xlsx"):
        assert found(planted, f"/s/{token}{path}", content(reader.get(f"/s/{token}{path}"))) == []
