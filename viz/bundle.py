"""Put the .vue files of `panels/` into one script and one style sheet that the browser keeps.

Every file is a Vue component in the options style, `module.exports = {...}`, known to the page as `ss-NAME`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path

from supplysim.viz.dark import themed
from supplysim.viz.figures.flows import nodes

HERE = Path(__file__).parent
PANELS = HERE / "panels"


def part(source: str, tag: str) -> str:
    """Return what stands between the outermost tags of a kind in a .vue file; empty without them."""
    found = re.search(rf"<{tag}[^>]*>(.*)</{tag}>", source, re.DOTALL)
    return found[1].strip() if found else ""


def component(path: Path) -> str:
    """Return a .vue file as a statement that registers it."""
    source = path.read_text("utf-8")
    template, script = part(source, "template"), part(source, "script")
    return (
        f'Vue.component("ss-{path.stem}", (function () {{ var module = {{ exports: {{}} }};\n{script}\n'
        f"return Object.assign(module.exports, {{ template: {json.dumps(template)} }}); }})());"
    )


def script() -> str:
    """Return the script of the page."""
    land = json.loads((HERE / "land.json").read_text("utf-8"))
    head = (PANELS / "common.js").read_text("utf-8")
    parts = [component(path) for path in sorted(PANELS.glob("*.vue"))]
    return "\n".join(
        [
            f"window.SS_PLACES = {json.dumps(nodes())};",
            f"window.SUPPLYSIM_LAND = {json.dumps(land, separators=(',', ':'))};",
            head,
            *parts,
        ]
    )


def style() -> str:
    """Return the style sheet of the page."""
    sheets = [(PANELS / "style.css").read_text("utf-8")]
    sheets += [part(path.read_text("utf-8"), "style") for path in sorted(PANELS.glob("*.vue"))]
    return themed("\n".join(sheets))


def build() -> Path:
    """Write script and sheet into a folder of their own and return it; the same sources give the same folder."""
    files = {"custom.js": script(), "custom.css": style()}
    for name in ("favicon.svg",):
        files[name] = (PANELS / name).read_text("utf-8")
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16]
    folder = Path(tempfile.mkdtemp(prefix=f"supplysim-web-{digest}-"))
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder
