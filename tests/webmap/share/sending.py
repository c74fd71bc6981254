"""What tests of selections do over and over: send one, and act as the client who got it."""

from collections.abc import Sequence

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.model import Unit
from tests.web import post_form, text_of

ASKER = {"name": "王女士", "contact": "wang@example.com", "agreed": "yes"}


def sent(promoter: FlaskClient, units: Sequence[Unit], prefix: str = "", **fields: object) -> str:
    """The token of a new selection."""
    form = f"{prefix}/desk/selections/new"
    said = {"name": "为海原科技选的 3 处", "u": [unit.code for unit in units], **fields}
    answer = post_form(promoter, f"{form}?u={units[0].code}", form, **said)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location.rsplit("/", 1)[-1]


def act(reader: FlaskClient, token: str, what: str, **fields: object) -> TestResponse:
    """Send one of the forms of a selection."""
    return post_form(reader, f"/s/{token}", f"/s/{token}/{what}", **fields)
