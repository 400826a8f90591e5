"""A visitor without a browser: loads the page over HTTP, then speaks to the server as the page's script does."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from websockets.sync.client import connect


class Visitor:
    """One page of the app.

    Parameters
    ----------
    url : str
        Of the server.
    path : str
        Path and query of the page.
    """

    def __init__(self, url: str, path: str = "/") -> None:
        self.status, self.html, self.cookie = get(url + path)
        self.session, self.kernel = str(uuid4()), str(uuid4())
        self.url, self.widget, self.view, self.received = url, "", {}, 0
        address = f"{url.replace('http', 'ws')}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.session}"
        headers = {"Cookie": self.cookie} if self.cookie else {}
        self.stack = ExitStack()
        self.socket = self.stack.enter_context(
            connect(address, additional_headers=headers, max_size=None, open_timeout=30)
        )
        control = uuid4().hex
        self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        arguments = {"path": path, "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        self._send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": arguments}})
        self.wait(lambda: bool(self.widget), 20)

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": str(uuid4()), "msg_type": kind, "session": self.session, "username": "", "version": "5.2"}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "buffers": []}
        self.socket.send(json.dumps(message | {"content": content}))

    def act(self, message: Any) -> None:
        """Send what a page sends when somebody acts on it."""
        self.raw({"event": "event_act", "data": message})

    def raw(self, content: Any) -> None:
        """Send any message to the page's widget."""
        self._send("comm_msg", {"comm_id": self.widget, "data": {"method": "custom", "content": content}})

    def listen(self, seconds: float) -> bool:
        """Take in one message, if one comes in time; return whether it changed the page."""
        try:
            text = self.socket.recv(timeout=seconds)
        except TimeoutError:
            return False
        self.received += len(text)
        content = json.loads(text).get("content", {}) if isinstance(text, str) else {}
        data = content.get("data")
        state = data.get("state") if isinstance(data, dict) else None
        if not isinstance(state, dict) or "view" not in state:
            return False
        if "page" in state:
            self.widget = content["comm_id"]
        self.view = state["view"]
        return True

    def wait(self, until: Any, seconds: float = 30.0) -> None:
        """Take in messages until something holds."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.view.keys()} after {seconds} s")
            self.listen(0.5)

    def close(self) -> None:
        """Leave, as a closed tab does."""
        self.stack.close()
        get(f"{self.url}/_solara/api/close/{self.kernel}?session_id={self.session}", b"", self.cookie)


def get(address: str, data: bytes | None = None, cookie: str = "") -> tuple[int, str, str]:
    """Return status, text and cookie of an address."""
    try:
        request = urllib.request.Request(address, data=data, headers={"Cookie": cookie} if cookie else {})
        with urllib.request.urlopen(request, timeout=60) as reply:
            cookies = "; ".join(line.split(";")[0] for line in reply.headers.get_all("Set-Cookie") or ())
            return reply.status, reply.read().decode("utf-8", "replace"), cookies
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), ""
