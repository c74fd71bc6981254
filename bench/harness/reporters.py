"""Managers who send weekly returns over HTTP by their link, and send again until they are told a receipt.

A manager does what the page in his telephone does: a key for every sending, the same key when it is sent again, a fresh
token when the old one has gone. Whatever the network does, a sending with a receipt is one that he may forget.
"""

import html
import http.client
import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from geo.returns.weeks import week_of
from webmap import report_links
from webmap.config import Settings
from webmap.database_setup import opened as opened_database
from webmap.vacancy.owing import OWING

PATIENCE_S = 30
PAUSE_S = 0.3
"""Before a sending without a receipt is sent again."""

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_WAS = re.compile(r'name="was\.(\w+)" value="([^"]+)"')
_SEEN = re.compile(r'name="seen\.(\w+)" value="(\d+)"')
_BROKEN = (OSError, http.client.HTTPException)


@dataclass
class Told:
    """What managers were told: key → receipt, sendings it took, seconds, and words of refusals by status."""

    receipts: dict[str, str] = field(default_factory=dict)
    sendings: int = 0
    seconds: list[float] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)

    def refused(self, what: str) -> None:
        """Count an answer that was no receipt."""
        self.words[what] = self.words.get(what, 0) + 1


def tokens(settings: Settings, buildings: int) -> list[str]:
    """Links of the present week for so many buildings that owe a return."""
    count = select(Unit.building_id).where(Unit.building_id == Building.id).correlate(Building)
    with opened_database(settings) as engine, Session(engine) as session, session.begin():
        owing = session.scalars(select(Building).where(*OWING, count.exists()).order_by(Building.id)).all()
        week: date = week_of(settings.today())
        return [report_links.make(session, settings.secret_key, building, week) for building in owing[:buildings]]


class Manager:
    """The holder of one link."""

    def __init__(self, address: str, token: str, told: Told) -> None:
        self._place = urlsplit(address)
        self._path = f"/return/link/{token}"
        self._told = told
        self._cookie = self._form_token = ""
        self.shown: dict[str, tuple[str, str]] = {}

    def open(self) -> Sequence[str]:
        """Look at the plan; gives the codes of its units."""
        page = self._until_answered("GET", self._path)
        found = _TOKEN.search(page)
        assert found is not None, page[:500]
        self._form_token = found[1]
        seen = dict(_SEEN.findall(page))
        self.shown = {code: (html.unescape(was), seen.get(code, "")) for code, was in _WAS.findall(page)}
        return list(self.shown)

    def send(self, key: str, codes: Iterable[str], rent: float, *, cut: bool = False) -> str:
        """Report units as empty and offered at a rent, again and again until there is a receipt; gives its number.

        With `cut` the first answer is not waited for: the connection is closed with the sending in it.
        """
        form = [("csrf_token", self._form_token), ("key", key)]
        for code in codes:
            was, seen = self.shown[code]
            said = {**json.loads(was), "state": "vacant", "offered": "1", "rent_amount": f"{rent:.2f}"}
            said |= {"rent_unit": "cny_m2_day", "tenant": ""}
            form += [("unit", code), (f"was.{code}", was), (f"seen.{code}", seen)]
            form += [(f"{name}.{code}", str(value)) for name, value in said.items()]
        body = urlencode(form)
        if cut:
            self._cut_off(body)
        answer = self._until_answered("POST", self._path, body)
        receipt: str = json.loads(answer)["receipt"]
        self._told.receipts[key] = receipt
        return receipt

    def _until_answered(self, method: str, path: str, body: str | None = None) -> str:
        while True:
            self._told.sendings += method == "POST"
            began = time.monotonic()
            try:
                status, text = self._ask(method, path, body)
            except _BROKEN as error:
                self._told.refused(type(error).__name__)
                time.sleep(PAUSE_S)
                continue
            if status == 200:
                self._told.seconds.append(time.monotonic() - began)
                return text
            self._told.refused(f"{status} {_words(text)}")
            if status == 400 and body is not None:  # the token has gone; the page fetches another and sends again
                fresh = json.loads(self._until_answered("GET", f"{self._path}/ready"))["token"]
                body = re.sub("^csrf_token=[^&]*", urlencode({"csrf_token": fresh}), body)
                continue
            if status < 500 and status != 429:
                raise SystemExit(f"{method} {path}: {status} {text[:500]}")
            time.sleep(PAUSE_S)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._place.hostname or "", self._place.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, self._headers(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie" and value.startswith("loumap_form="):
                    self._cookie = value.partition(";")[0]
            return answer.status, text
        finally:
            connection.close()

    def _cut_off(self, body: str) -> None:
        """Send and hang up at once."""
        connection = http.client.HTTPConnection(self._place.hostname or "", self._place.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", self._path, body, self._headers(body))
        except _BROKEN:
            self._told.refused("cut")
        connection.close()

    def _headers(self, body: str | None) -> dict[str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        accepts = {"Accept": "application/json" if body is not None else "text/html"}
        return {"Cookie": self._cookie, **form, **accepts}


def _words(page: str) -> str:
    """What an error's page or document says."""
    try:
        return str(json.loads(page).get("detail") or json.loads(page).get("title"))[:120]
    except ValueError:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip()[:120] if found else page[:120]
