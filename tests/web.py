"""What tests of pages do over and over: fill in a form, sign in."""

import re
from html import unescape
from typing import Any, ClassVar

from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from tests.factories import PASSWORD


class CompiledOnce(BytecodeCache):
    """Keeps templates compiled for all applications of a run; each would compile them anew."""

    _kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before; jinja2 looks whether it is still the same text."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


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
