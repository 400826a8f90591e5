"""The facilitator's kit in the app: plans, role play, what people get wrong, and the handouts to print."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from supplysim.viz.pages import DOCS

from supplysim.language import ENGLISH, gettext, language
from supplysim.lessons.prose import as_html

FOLDER = DOCS / "teaching"
NAME = re.compile(r"[a-z0-9-]{1,60}\.(md|html)")
HEAD = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 18px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #0f2230; }}
th, td {{ border-top: 1px solid #d2dde4; padding: 4px 10px 4px 0; text-align: left; vertical-align: top; }}
table {{ border-collapse: collapse; }} .scroll {{ overflow-x: auto; }}
pre {{ overflow: auto; background: #eef3f6; padding: 10px; }}
</style></head><body><p><a href="{root}/present">{back}</a> · <a href="{root}/kit">{kit}</a></p>
<main lang="{written}">"""


def index(request: Request) -> Response:
    """Show the kit's front page."""
    return _markdown(request, "README.md")


def page(request: Request) -> Response:
    """Show a page of the kit, or a handout to print."""
    name = request.path_params["name"]
    if not NAME.fullmatch(name):
        return _none()
    if name.endswith(".md"):
        return _markdown(request, name)
    file, _ = _found(f"handouts/{name}")
    return HTMLResponse(file.read_text("utf-8")) if file.is_file() else _none()


def _found(name: str) -> tuple[Path, str]:
    """Return a file of the kit in the language spoken here if there is an edition of it, else in English; and which."""
    own = FOLDER / language() / name
    return (own, language()) if own.is_file() else (FOLDER / name, ENGLISH)


def _none() -> HTMLResponse:
    return HTMLResponse(gettext("There is no such page."), 404)


def _markdown(request: Request, name: str) -> Response:
    (file, written), root = _found(name), request.scope.get("root_path", "")
    if not file.is_file():
        return _none()
    text = re.sub(r"(?s:<!--.*?-->)", "", file.read_text("utf-8"))
    title = re.search(r"^# (.*)$", text, re.MULTILINE)
    linked = re.sub(r"\]\((?:handouts/)?([a-z0-9-]+\.(?:md|html))\)", rf"]({root}/kit/\1)", text)
    body = as_html(linked.replace("](README.md)", f"]({root}/kit)")).replace("http://127.0.0.1:8765/", f"{root}/")
    body = body.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    body = re.sub(r'<a href="(?!https?:|/)[^"]*">(.*?)</a>', r"\1", body)  # of what is not served only the words
    said = {"language": language(), "written": written, "back": gettext("Back to Present"), "kit": gettext("The kit")}
    head = HEAD.format(title=escape(title[1] if title else name), root=root, **said)
    return HTMLResponse(f"{head}{body}</main></body></html>")
