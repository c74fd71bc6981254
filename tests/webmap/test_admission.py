"""A flood of one kind of requests leaves room for the others, and is told to come again."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap import admission
from webmap.admission import Lane, Lanes, lane_of
from webmap.errors import BusyError


@contextmanager
def full(lane: Lane) -> Iterator[None]:
    """Have others work in a lane and wait for it until nobody else fits."""
    over = threading.Event()

    def stay() -> None:
        with lane:
            over.wait(30)

    with ExitStack() as turns, ThreadPoolExecutor(lane.waiting) as waiters:
        for _ in range(lane.working):
            turns.enter_context(lane)
        for _ in range(lane.waiting):
            waiters.submit(stay)
        while lane.full is False:
            threading.Event().wait(0.005)
        yield
        over.set()


def waiting_in(lane: Lane) -> int:
    return len(lane._queue)


def lane(app: Flask, name: str) -> Lane:
    found: Lane = getattr(app.extensions["loumap_lanes"], name)
    return found


def test_who_finds_no_room_is_told_when_to_come_again(app: Flask, client: FlaskClient) -> None:
    with full(lane(app, "searches")):
        answer = client.get("/api/v1/buildings?q=x")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert client.get("/api/v1/buildings?q=x").status_code == 200


def test_a_flood_of_searches_leaves_the_map_and_the_forms_alone(app: Flask, client: FlaskClient) -> None:
    with full(lane(app, "searches")):
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/en/").status_code == 200
        assert client.get("/api/v1/versions").status_code == 200
        assert client.get("/about").status_code == 200
        assert client.get("/tiles/buildings/1/14/13489/6242.mvt").status_code == 307
        assert client.post("/login").status_code == 400


def test_searches_do_not_wait_behind_pages_that_take_long(app: Flask, client: FlaskClient) -> None:
    with full(lane(app, "pages")):
        assert client.get("/about").status_code == 503
        assert client.get("/api/v1/units?area_min=100").status_code == 200
        assert client.get("/api/v1/facets?occupancy=vacant").status_code == 200
        assert client.get("/en/search?q=a").status_code == 200


def test_a_flood_of_forms_leaves_the_pages_alone(app: Flask, client: FlaskClient) -> None:
    with full(lane(app, "bodies")):
        assert client.post("/login", data={"name": "x"}).status_code == 503
        assert client.get("/login").status_code == 200


def test_a_turn_is_given_back_whatever_the_answer_was(app: Flask, client: FlaskClient) -> None:
    for _ in range(2 * lane(app, "pages").working):
        assert client.get("/api/v1/buildings/never-made").status_code == 404
        assert client.get("/nowhere/at/all").status_code == 404


def test_who_waits_gets_the_turn_of_who_leaves() -> None:
    narrow = Lane(working=1, waiting=1, patience_s=30)
    got = threading.Event()

    def wait() -> None:
        with narrow:
            got.set()

    waiter = threading.Thread(target=wait)
    with narrow:
        waiter.start()
        while not narrow.full:
            threading.Event().wait(0.005)
        assert not got.is_set()
    waiter.join(30)
    assert got.is_set()


def test_turns_are_given_in_the_order_of_coming() -> None:
    narrow, came = Lane(working=1, waiting=5, patience_s=30), []

    def wait(number: int) -> None:
        with narrow:
            came.append(number)

    waiters = [threading.Thread(target=wait, args=[number]) for number in range(5)]
    with narrow:
        for number, waiter in enumerate(waiters):
            waiter.start()
            while waiting_in(narrow) <= number:
                threading.Event().wait(0.005)
    for waiter in waiters:
        waiter.join(30)
    assert came == [0, 1, 2, 3, 4]
    assert narrow.full is False


def test_who_would_wait_too_long_behind_slow_ones_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slow, left = [0.0], Lane(working=1, waiting=9, patience_s=30), threading.Semaphore(0)
    monkeypatch.setattr(admission, "monotonic", lambda: now[0])

    def work() -> None:
        with slow:
            left.acquire(timeout=30)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for number, worker in enumerate(workers):
        worker.start()
        while waiting_in(slow) < number:
            threading.Event().wait(0.005)
    assert slow.full is False
    for turn in (1, 2):
        now[0] += 20
        left.release()
        while waiting_in(slow) > 3 - turn:
            threading.Event().wait(0.005)
    with pytest.raises(BusyError):  # one waits, and turns come every 20 seconds
        slow.enter()
    for _ in range(2):
        left.release()
    for worker in workers:
        worker.join(30)
    with slow:
        assert slow.full is False


def test_nobody_waits_for_ever() -> None:
    narrow = Lane(working=1, waiting=1, patience_s=0.01)
    with narrow:
        with pytest.raises(BusyError):
            narrow.enter()
        assert not narrow.full


def test_there_are_threads_for_all_lanes_and_for_quick_answers_beside_them() -> None:
    lanes = Lanes()
    assert lanes.threads > sum(lane.working + lane.waiting for lane in (lanes.maps, lanes.pages, lanes.bodies))


@pytest.mark.parametrize("path", ["/return/k3x9", "/en/return/link/abc.def", "/zh-hant/return/k3x9"])
def test_returns_of_many_managers_wait_for_their_turn_and_other_forms_do_not_wait_behind_them(path: str) -> None:
    lanes = Lanes()
    assert lane_of(lanes, "POST", path) is lane_of(lanes, "GET", path) is lanes.returns
    assert lane_of(lanes, "POST", "/ask") is lanes.bodies
    assert lanes.returns.waiting + lanes.returns.working >= 50, "fifty managers, perhaps at one process"
