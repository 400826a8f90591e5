"""A browser's requests to an ASGI application, without a socket: answers as they come, cookies kept."""

from __future__ import annotations

import asyncio
import json
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlsplit


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status_code, self.text = status, body.decode()
        self.cookies = [value.decode() for name, value in headers if name == b"set-cookie"]

    def json(self) -> Any:
        return json.loads(self.text)


class Client:
    """One browser.

    Parameters
    ----------
    app : ASGI application
    base_url : str
        Scheme, name and port by which it calls the server.
    client : str
        Its address.
    """

    def __init__(self, app: Any, base_url: str, client: str = "10.1.2.9") -> None:
        self.app, self.host, self.client = app, urlsplit(base_url).netloc, client
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, content: str = "", headers: dict[str, str] | None = None, **more: Any) -> Answer:
        return self.ask("POST", path, json.dumps(more["json"]) if "json" in more else content, headers)

    def ask(self, method: str, path: str, content: str = "", headers: dict[str, str] | None = None) -> Answer:
        sent: list[dict[str, Any]] = []
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"host": self.host, **({"cookie": held} if held else {}), **(headers or {})}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
            "client": (self.client, 50_000),
            "server": (self.host, 80),
        }
        body = [{"type": "http.request", "body": content.encode(), "more_body": False}]

        async def receive() -> dict[str, Any]:
            return body.pop() if body else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        whole = b"".join(it.get("body", b"") for it in sent if it["type"] == "http.response.body")
        answer = Answer(sent[0]["status"], sent[0]["headers"], whole)
        for cookie in answer.cookies:
            self.cookies |= {name: it.value for name, it in SimpleCookie(cookie).items()}
        return answer
