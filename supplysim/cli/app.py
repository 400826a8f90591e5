"""`supplysim app`: the app in a browser."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from importlib.util import find_spec

from supplysim.errors import InputError


def app_command(port: int, host: str, names: Sequence[str] = (), prefix: str = "", proxies: Sequence[str] = ()) -> None:
    """Serve the app until Ctrl-C.

    Parameters
    ----------
    port, host
        Where to listen.
    names, prefix, proxies
        What a server for others is called, the path it is shown under, and whose word on addresses it takes.

    Raises
    ------
    InputError
        If the app is not installed, nothing can listen there, or a name, path or address is none.
    """
    missing = [name for name in ("solara", "ipyvuetify") if find_spec(name) is None]
    if missing:
        raise InputError("app", None, f"{' and '.join(missing)} is not installed", 'pip install "supplysim[app]"')
    from supplysim.viz.hosting import hosting

    wanted = hosting(host, port, names, prefix, proxies)
    try:
        with socket.create_server((host, port)):
            pass
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise InputError(
            "--port",
            f"{host}:{port}",
            f"nothing can listen there ({reason})",
            "choose another port, or --host 127.0.0.1",
        ) from error
    from supplysim.viz.launch import serve

    serve(wanted)
