"""What tests of pages do over and over: fill in a form, sign in."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD


class WholeAnswers(FlaskClient):
    """Reads every answer to its end and closes it, as a browser does, so that no served file stays open."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **options})


def post_form(client: FlaskClient, page: str, action: str, **fields: Any) -> TestResponse:
    """Open `page`, take the form's token from it and send the form to `action`."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, f"{page} has no form"
    return client.post(action, data={"csrf_token": found[1], **fields})


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    """Sign in through the form."""
    return post_form(client, "/login", "/login", name=name, password=password)


def text_of(page: str) -> str:
    """What is to be read on a page, one space between words."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
