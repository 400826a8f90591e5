"""Where the app is served, to whom, and its limits: the flags of the command line, and `SUPPLYSIM_APP_...`."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from supplysim.environment import whole
from supplysim.errors import InputError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("", "0.0.0.0", "::")
NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?|[0-9a-f:]{2,45}")
PREFIX = re.compile(r"(/[A-Za-z0-9_~.-]+)+")


@dataclass(frozen=True)
class Hosting:
    """How the app is served.

    Attributes
    ----------
    host, port
        Where to listen.
    names : tuple of str
        Names the server is called by besides this machine's own; a page of these may speak to it.
    prefix : str
        Path under which a reverse proxy shows the app, ``/sim``; empty for none.
    proxies : tuple of str
        Addresses or networks of reverse proxies, whose word on who is asking is taken.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    prefix: str = ""
    proxies: tuple[str, ...] = ()
    sessions: int = 60
    per_address: int = 20
    memory_mb: int = 3000

    def known(self) -> frozenset[str]:
        """Return the names a request may call this server by; an address of its own cannot be an attacker's name."""
        own = {socket.gethostname().lower(), *LOOPBACK, outward() if self.host in EVERYWHERE else self.host.lower()}
        return frozenset(own | set(self.names))

    def url(self) -> str:
        """Return the address of the first page."""
        name = self.names[0] if self.names else "localhost" if self.host in (*EVERYWHERE, *LOOPBACK) else self.host
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}{self.prefix}/"

    def reached(self, page: str = "") -> str:
        """Return where a phone in the same room finds the app, without a last slash; "" if it cannot.

        Parameters
        ----------
        page : str
            Scheme, name and port by which the teacher's browser has it.
        """
        try:
            asked = urlsplit(page.lower())
            name = asked.hostname or ""
        except ValueError:
            name = ""
        if name in self.known() and name not in LOOPBACK and asked.scheme in ("http", "https"):
            return f"{asked.scheme}://{asked.netloc}{self.prefix}"
        name = self.names[0] if self.names else outward() if self.host in EVERYWHERE else self.host
        if name in LOOPBACK or not name:
            return ""
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}{self.prefix}"


def outward() -> str:
    """Return this machine's address in its network; that of the loopback without one. Nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(("192.0.2.1", 9))  # for documentation: nobody has it
        return str(asked.getsockname()[0])
    return LOOPBACK[1]


_here = Hosting()


def serve_as(wanted: Hosting) -> None:
    """Let this be how the app of this process is served."""
    global _here
    _here = wanted


def here() -> Hosting:
    """Return how the app of this process is served."""
    return _here


def hosting(host: str, port: int, names: Sequence[str] = (), prefix: str = "", proxies: Sequence[str] = ()) -> Hosting:
    """Return the settings: what the command line says, then what the environment says.

    Raises
    ------
    InputError
        If a name, a path or an address is none.
    """
    names, of_names = told(names, "--host-name", "SUPPLYSIM_APP_HOST_NAMES")
    proxies, of_proxies = told(proxies, "--proxy", "SUPPLYSIM_APP_PROXIES")
    usual = os.environ.get("SOLARA_ROOT_PATH", "")  # where people who know Solara look
    (path, *_), of_path = told([prefix] if prefix else [], "--prefix", "SUPPLYSIM_APP_PREFIX", usual)
    return Hosting(
        host,
        port,
        tuple(name_of(name, of_names) for name in names),
        prefix_of(path, of_path),
        tuple(network_of(address, of_proxies) for address in proxies),
        whole("SUPPLYSIM_APP_SESSIONS", 60, 1, 1_000_000),
        whole("SUPPLYSIM_APP_SESSIONS_PER_ADDRESS", 20, 1, 1_000_000),
        whole("SUPPLYSIM_APP_MEMORY_MB", 3000, 1, 1_000_000_000),
    )


def told(values: Sequence[str], flag: str, variable: str, *usual: str) -> tuple[list[str], str]:
    """Return what a flag says or else a variable of the environment, separated by commas; and which of the two."""
    if values:
        return [*values], flag
    found = [piece.strip() for piece in os.environ.get(variable, "").split(",") if piece.strip()]
    return found or [*usual], f"environment variable {variable}"


def name_of(text: str, place: str) -> str:
    """Return the name of a host without scheme and port.

    Raises
    ------
    InputError
        If it is none.
    """
    name = text.strip().lower().strip("[]").rstrip(".")
    if not NAME.fullmatch(name):
        raise InputError(place, text, "it is no host's name", "write it without https:// and port: sim.example.org")
    return name


def prefix_of(text: str, place: str) -> str:
    """Return a path without the last slash.

    Raises
    ------
    InputError
        If it is none, or one of the app's own.
    """
    path = text.rstrip("/")
    if not path:
        return ""
    from supplysim.viz.pages import PAGES

    first = path.split("/")[1] if path.startswith("/") else ""
    if not PREFIX.fullmatch(path) or ".." in path:
        raise InputError(place, text, "it is no path", "write /sim, say")
    if first in (*PAGES, "mesa", "room", "kit", "static", "jupyter", "_solara"):
        raise InputError(place, text, f"the app has a page /{first} of its own", "choose another path")
    return path


def network_of(text: str, place: str) -> str:
    """Return the address or network of a proxy.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise InputError(place, text, "it is no address", "write 127.0.0.1, or 10.0.0.0/8") from None
