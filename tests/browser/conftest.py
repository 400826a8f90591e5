"""A server of the app and a real browser; a page that complains fails its test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("playwright")
pytest.importorskip("solara")

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
SHOTS = Path(os.environ.get("SUPPLYSIM_SHOTS", "out/screenshots"))
PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong


class Server:
    """The app on a port of its own."""

    def __init__(self, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = environment
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-c",
            "from supplysim.cli import main; raise SystemExit(main())",
            "app",
            "--port",
            str(self.port),
        ]
        self.log = Path(f"/tmp/supplysim-app-{self.port}.log") if os.name == "posix" else Path(f"app-{self.port}.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | self.environment
            )
        for _ in range(900):  # loading takes long on a busy machine
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).read()
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.25)
        self.process.kill()
        raise AssertionError("the server does not answer")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@pytest.fixture(scope="session")
def server():
    from supplysim.viz import fetch

    if not fetch.complete():
        pytest.skip("the web files are not fetched: python -m supplysim.viz.fetch")
    one = Server()
    yield one
    one.stop()
    assert "Traceback" not in one.log.read_text()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def opened(browser, server, complaints):
    """Open a page of the app; afterwards nothing may have gone wrong on it."""
    pages = []

    def open_page(path="/", width=1440, height=900, listen=None, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(f"error: {e}"))
        page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on(
            "request",
            lambda r: (
                complaints.append(f"outside: {r.url}")
                if not r.url.startswith((server.url, "data:", "blob:", server.url.replace("http", "ws")))
                else None
            ),
        )
        if listen is not None:  # keep what the server sends
            page.on("websocket", lambda socket: socket.on("framereceived", lambda data: listen.append(str(data))))
        page.goto(server.url + path)
        page.wait_for_selector("main#main > *")
        pages.append(context)
        return page

    yield open_page
    for context in pages:
        context.close()
    assert complaints == []


def lever(page, name, value):
    """Move a lever as a person does with the keyboard or mouse: an input event, then a change."""
    page.eval_on_selector(
        f"#lever-{name}",
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); }",
        value,
    )


def tile(page, name="delivered"):
    return page.inner_text(f"[data-tile={name}]")
