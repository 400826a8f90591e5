"""Two scripts that would keep everybody else out, and a visitor from another address who is served all the same."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from conftest import Server
from visitor import Visitor, get
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytestmark = pytest.mark.browser
SOCKETS, PAGES, FILMS = 70, 16, 150  # each page asks for exact runs of its own
PATIENCE = 10.0  # seconds until another visitor's first exact result
SLOWER = 2.0  # on a machine that is busy with other things, times what the same takes without an attack
OTHER = "127.0.0.2"


class Elsewhere:
    """A way to a server from another address of this machine."""

    def __init__(self, url: str, address: str = OTHER) -> None:
        self.target = ("127.0.0.1", urlsplit(url).port)
        self.address, self.ends = address, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.door.accept()
                far = socket.create_connection(self.target, source_address=(self.address, 0))
                self.ends += [near, far]
                for a, b in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    @staticmethod
    def _carry(a: socket.socket, b: socket.socket) -> None:
        with suppress(OSError):
            while data := a.recv(65536):
                b.sendall(data)
        with suppress(OSError):
            b.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        for end in (self.door, *self.ends):
            end.close()


@pytest.fixture
def attacked(browser):
    """A server of its own, whose processes have started, and what is patience there."""
    one = Server()
    first_exact(browser, one.url, f"/?p=border=0.25&seed={new_seed()}")
    quiet = first_exact(browser, one.url, f"/?p=border=0.25&seed={new_seed()}")
    print(f"without an attack: first exact result after {quiet:.1f} s")
    one.patience = max(PATIENCE, SLOWER * quiet)
    yield one
    one.stop()
    assert "Traceback" not in one.log.read_text()


def new_seed() -> int:
    """Return the seed of worlds that no store knows."""
    return random.SystemRandom().randrange(10**9)


def first_exact(browser, url: str, path: str) -> float:
    """Return the seconds that a person waits for exact numbers on a page."""
    context = browser.new_context()
    page = context.new_page()
    began = time.monotonic()
    page.goto(url + path)
    page.wait_for_selector(".badge[data-status=exact]", timeout=240_000)
    took = time.monotonic() - began
    context.close()
    return took


def test_seventy_sockets_of_one_address_leave_room_for_another_visitor(attacked, browser):
    _, _, cookie = get(attacked.url + "/")
    address = attacked.url.replace("http", "ws") + "/jupyter/api/kernels/{}/channels?session_id={}"
    with ExitStack() as stack:
        pages = [Visitor(attacked.url, f"/?p=border=0.{50 + n}&seed={new_seed()}") for n in range(PAGES)]
        let_in, refused = len(pages), []
        for _ in range(SOCKETS - PAGES):
            try:
                stack.enter_context(
                    connect(address.format(uuid4(), uuid4()), additional_headers={"Cookie": cookie}, open_timeout=30)
                )
                let_in += 1
            except InvalidStatus as error:
                refused.append(error.response.status_code)
        assert let_in <= 20
        assert refused == [503] * (SOCKETS - let_in)
        assert get(attacked.url + "/")[0] == 503  # the address itself has all it may have
        way = Elsewhere(attacked.url)
        took = first_exact(browser, way.url, f"/?p=border=0.35&seed={new_seed()}")
        way.close()
        for page in pages:
            page.close()
    print(f"{SOCKETS} sockets, {let_in} let in: another visitor's first exact result after {took:.1f} s")
    assert took < attacked.patience


def test_a_hundred_and_fifty_films_do_not_keep_another_visitor_waiting(attacked, browser):
    greedy = Visitor(attacked.url, "/watch?p=penalties=0.4")
    for number in range(FILMS):
        greedy.act({"do": "watch", "seed": 1000 + number, "seq": number + 1})
    way = Elsewhere(attacked.url)
    took = first_exact(browser, way.url, f"/?p=border=0.45&seed={new_seed()}")
    print(f"{FILMS} films: another visitor's first exact result after {took:.1f} s")
    greedy.wait(lambda: greedy.view.get("seq") == FILMS and not greedy.view.get("filming"), 120)  # the newest is made
    greedy.close()
    way.close()
    assert took < attacked.patience
