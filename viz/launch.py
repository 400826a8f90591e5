"""Start the app's server: settings of Solara first, then Solara."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import warnings
from pathlib import Path

from supplysim.viz import bundle, fetch, seats
from supplysim.viz.gate import Gate
from supplysim.viz.hosting import EVERYWHERE, LOOPBACK, Hosting, outward, serve_as

HERE = Path(__file__).parent


def settings(folder: Path, local: bool, prefix: str = "") -> dict[str, str]:
    """Return the environment Solara reads, with what the user set left alone.

    Parameters
    ----------
    folder : Path
        Script and style sheet of the page.
    local : bool
        Whether the fetched web files are there.
    prefix : str
        Path under which the app is shown.
    """
    wanted = {
        "SOLARA_APP": "supplysim.viz.app",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
        "SOLARA_ASSETS_EXTRA_LOCATIONS": str(folder),
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
        "SOLARA_THEME_SHOW_BANNER": "False",
        "SOLARA_THEME_TITLE": "supplysim",
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_FORCE_REFRESH": "True",  # after a restart of the server the page loads again, from its link
        "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
        "SOLARA_SESSION_HTTP_ONLY": "True",
    }
    if local:
        wanted["SOLARA_ASSETS_PROXY_CACHE_DIR"] = str(fetch.FOLDER)
        wanted["SOLARA_ASSETS_CDN"] = "http://127.0.0.1:9/"  # a missing file fails at once
    chosen = {name: value for name, value in wanted.items() if name not in os.environ}
    return chosen | {"SOLARA_ROOT_PATH": prefix}  # said, or a visitor's header would say it


def serve(wanted: Hosting) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    wanted : Hosting
        Where to listen, and to whom.
    """
    local = fetch.complete()
    if not local:
        fetch.main()
        local = fetch.complete()
    folder = bundle.build()
    os.environ.update(settings(folder, local, wanted.prefix))
    import uvicorn
    from supplysim.viz import loading, protection
    from supplysim.viz.backend import backend

    protection.harden()
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # the gate makes them lax
    logging.getLogger("uvicorn.error").addFilter(_no_refusal)
    try:
        app = guarded(wanted)
        loading.explain()
        backend().start()
        print(f"supplysim is at {wanted.url()}  (Ctrl-C stops it)", file=sys.stderr)
        if wanted.host in EVERYWHERE and not wanted.names and outward() not in LOOPBACK:
            print(f"Others find it at {wanted.reached()}/; another name needs --host-name.", file=sys.stderr)
        uvicorn.run(
            app,
            host=wanted.host,
            port=wanted.port,
            log_level="warning",
            ws_max_size=1_000_000,
            timeout_graceful_shutdown=2,
            proxy_headers=bool(wanted.proxies),
            forwarded_allow_ips=[*wanted.proxies],
            server_header=False,
        )
    finally:
        backend().close()
        shutil.rmtree(folder, ignore_errors=True)


def _no_refusal(record: logging.LogRecord) -> bool:
    """Leave out what uvicorn says of a websocket that was refused with a reason; else whoever attacks fills the log."""
    return "without completing handshake" not in record.getMessage()


def guarded(wanted: Hosting) -> Gate:
    """Return Solara's application behind the gate."""
    import solara.server.starlette
    from solara.server.kernel_context import contexts
    from supplysim.viz.phones import Phones

    def end(kernel: str) -> None:
        context = contexts.get(kernel)
        if context is not None:  # closing waits for whoever sends, and that for the thread that asks here
            threading.Thread(target=context.close, args=("evicted",), daemon=True).start()

    def owner(kernel: str) -> str | None:
        context = contexts.get(kernel)
        return None if context is None else context.session_id

    here = seats.Seats(wanted.sessions, wanted.per_address, wanted.memory_mb, end, contexts.__contains__)
    seats.open_seats(here)
    serve_as(wanted)
    return Gate(solara.server.starlette.app, wanted, here, owner, Phones(here).app)
