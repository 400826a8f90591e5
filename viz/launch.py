"""Start the app's server: settings of Solara first, then Solara."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from supplysim.viz import bundle, fetch

HERE = Path(__file__).parent


def settings(folder: Path, local: bool) -> dict[str, str]:
    """Return the environment Solara reads, with what the user set left alone.

    Parameters
    ----------
    folder : Path
        Script and style sheet of the page.
    local : bool
        Whether the fetched web files are there.
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
        "SOLARA_KERNEL_MAX_PER_SESSION": "20",
    }
    if local:
        wanted["SOLARA_ASSETS_PROXY_CACHE_DIR"] = str(fetch.FOLDER)
        wanted["SOLARA_ASSETS_CDN"] = "http://127.0.0.1:9/"  # a missing file fails at once
    return {name: value for name, value in wanted.items() if name not in os.environ}


def serve(host: str, port: int) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host, port
        Where to listen; 127.0.0.1 is heard by this machine only.
    """
    local = fetch.complete()
    if not local:
        fetch.main()
        local = fetch.complete()
    folder = bundle.build()
    os.environ.update(settings(folder, local))
    import uvicorn
    from supplysim.viz import protection
    from supplysim.viz.backend import backend

    protection.harden()
    try:
        import solara.server.starlette

        backend().start()
        print(
            f"supplysim is at http://{'localhost' if host == '127.0.0.1' else host}:{port}  (Ctrl-C stops it)",
            file=sys.stderr,
        )
        uvicorn.run(
            solara.server.starlette.app,
            host=host,
            port=port,
            log_level="warning",
            ws_max_size=1_000_000,
            timeout_graceful_shutdown=2,
        )
    finally:
        backend().close()
        shutil.rmtree(folder, ignore_errors=True)
