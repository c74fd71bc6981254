"""Checks of clusters by permutation: asked for at a page, worked out by the worker, kept for all who ask the same.

What is kept is named by what it rests on (`geo.clusters.permutation.key_of`): a link, a frozen page or another visitor
who asks the same of the same data finds it, and a change of other data leaves it. One check waits for each such
question; a visitor has few waiting and asks only so often (`webmap/permutation_files.py`).
"""

import hmac
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from flask import Flask, current_app

from geo.clusters.analysis import Findings
from geo.clusters.permutation import PERMUTATIONS, SEED_MOST, Agreement, Draws, Tell, agreement, key_of, permute
from geo.errors import BadParameterError
from geo.parameters import one_of, whole
from webmap.cluster_findings import answered
from webmap.cluster_questions import read_question, to_query
from webmap.config import current_settings
from webmap.db import session
from webmap.errors import CheckingError
from webmap.jobs import enqueue
from webmap.looking_back import look_back, moment_shown
from webmap.moments import write_instant
from webmap.networks import network_of
from webmap.permutation_files import STEPS, PermutationFiles

PARAMETERS = ("permutations", "seed")
USUAL = Draws(99_999, 1)
COUNTED = "enterprises"
"""What is checked."""


def read_draws(query: Mapping[str, str]) -> Draws | None:
    """The draws that an address asks for; None where it asks for none.

    Raises
    ------
    BadParameterError
        The number is none of those offered, or the seed is none.
    """
    number, seed = (query.get(name, "").strip() for name in PARAMETERS)
    if not number:
        return None
    one_of("permutations", number[:20], tuple(map(str, PERMUTATIONS)))
    return Draws(int(number), whole("seed", seed[:20], 0, SEED_MOST) if seed else USUAL.seed)


def draws_query(draws: Draws | None) -> dict[str, str]:
    """The parameters of draws; empty without any."""
    if draws is None:
        return {}
    return {"permutations": str(draws.permutations), "seed": "" if draws.seed == USUAL.seed else str(draws.seed)}


def checked(found: Findings, draws: Draws) -> Agreement | None:
    """The answer beside what the draws say; None where nobody has asked for them.

    Raises
    ------
    CheckingError
        They are being worked out.
    """
    key = key_of(found, draws)
    if kept := _files().kept(key):
        return agreement(found, kept)
    if progress := _files().waiting(key):
        if not progress.done and progress.silent_s >= current_app.extensions["loumap_unattended_s"]:
            _begin_behind(key)
        raise CheckingError(progress.done, progress.of)
    return None


def order(found: Findings, draws: Draws, visitor: str | None) -> None:
    """Have an answer checked, unless it is already, or somebody waits for the same.

    Raises
    ------
    BadParameterError
        No neighbours count, so that there is nothing to lay out; or what is counted is not for everybody.
    TooManyAttemptsError
        The visitor, or everybody together, waits for too many, or the visitor has asked too often.
    """
    if found.question.by != COUNTED:
        # Whoever works it out has no rights, and would lay out what everybody sees.
        raise BadParameterError("by", found.question.by, COUNTED)
    if not found.question.rings:
        raise BadParameterError("rings", "0", "1, 2, 3")
    key = key_of(found, draws)
    who = f"permutation {network_of(visitor)}".encode()
    digest = hmac.new(current_settings().secret_key.encode(), who, "sha256").hexdigest()
    if _files().order(key, _asked(found, draws), digest):
        enqueue(session(), "permute_clusters", lock="permutation", key=key)


def work(key: str) -> None:
    """Work out a check that waits, in a request, so that it may look back; what is there or gone is left.

    Where the data have changed since it was asked for, the answer is that of now, under the key of now.
    """
    files = _files()
    with files.one_at_a_time():
        asked = files.asked(key)
        if asked is None:
            return
        query = asked["query"]
        moment, draws = look_back(query), read_draws(query)
        found = answered(read_question(query), moment)
        if found and draws:
            files.keep(key_of(found, draws), permute(found, draws, _teller(files, key)))
        files.over(key)


def work_in(app: Flask, key: str) -> None:
    """Work out a check in a request of its own."""
    with app.test_request_context("/clusters"):
        work(key)


def init_app(app: Flask) -> None:
    """Give the app its folder of checks."""
    folder = app.extensions["loumap_settings"].data / "permutations"
    app.extensions["loumap_permutations"] = PermutationFiles(folder)


def _asked(found: Findings, draws: Draws) -> dict[str, object]:
    """What the worker needs to know: question, draws and moment as an address says them."""
    moment = moment_shown()
    then = {}
    if moment:  # what will be known by the end of today is what is known by now
        known_at = min(moment.known_at, datetime.now(UTC))
        then = {"as_of": f"{moment.as_of}", "known_at": write_instant(known_at)}
    return {"query": dict(parse_qsl(to_query(found.question, **draws_query(draws), **then)))}


def _teller(files: PermutationFiles, key: str) -> Tell:
    """Tells of every step once."""
    told = [0]

    def tell(done: int, of: int) -> None:
        step = max(1, STEPS * done // of)
        if step > told[0]:
            told[0] = step
            files.tell(key, step)

    return tell


def _begin_behind(key: str) -> None:
    """No worker has come: a thread of ours does it, and says so, that no other begins."""
    _files().tell(key, 1)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for
    threading.Thread(target=work_in, args=(app, key), name="permutation", daemon=True).start()


def _files() -> PermutationFiles:
    found: PermutationFiles = current_app.extensions["loumap_permutations"]
    return found
