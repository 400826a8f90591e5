"""The app: one component a page load, one message a change. What pages show stands in `session.py` and `figures/`."""

from __future__ import annotations

import logging
from typing import Any

import solara
from solara.server import kernel_context
from supplysim.viz import protection, seats, spoken
from supplysim.viz.mesa_view import MesaPage
from supplysim.viz.pages import PAGES, contents
from supplysim.viz.visit import Visit

from supplysim import __version__
from supplysim.language import gettext, speaking

protection.harden()
log = logging.getLogger("supplysim.app")


@solara.component_vue("screen.vue", vuetify=False)
def Screen(
    name: str = "explore",
    page: Any = None,
    view: Any = None,
    reply: Any = None,
    film: Any = None,
    event_act: Any = None,
) -> None:
    """Show a page; `page` stays, `view` changes, `reply` hands over a file, `film` is a filmed run."""


@solara.component
def Shell(name: str, tail: str = "") -> None:
    """Keep a visitor's `Visit` and show the page asked for; `tail` is the rest of its address."""
    router = solara.use_router()
    version, set_version = solara.use_state(0)

    def begin() -> Visit | None:
        context = kernel_context.get_current_context()

        def publish() -> None:
            """Show news from another thread."""
            if context.closed_event.is_set():
                return
            with context:
                set_version(lambda old: old + 1)

        try:
            query = router.search or ""
            language = spoken.of_page(query)
            with speaking(language):
                return Visit(query, publish, party=seats.party(context.id), language=language)
        except Exception:  # whoever waits for the page learns that it will not come
            log.exception("a visit could not begin")
            return None

    visit = solara.use_memo(begin, dependencies=[])

    def end() -> Any:
        return visit.close if visit is not None else None

    solara.use_effect(end, dependencies=[])
    if visit is None:
        solara.Title("supplysim")
        with speaking(spoken.of_page(router.search or "")):
            page = {"version": __version__, "language": spoken.spoken()}
        Screen(name="stopped", page=page, view={}, reply={}, film={})
        return

    def act(message: Any) -> None:
        if isinstance(message, dict) and message.get("do") == "go":
            target = str(message.get("to", ""))
            if target in PAGES:
                router.push(("/" if target == "explore" else f"/{target}") + "?" + visit.link())
            return
        with speaking(visit.language):
            before = visit.address(name)
            visit.act(message)
            after = visit.address(name)
        back = isinstance(message, dict) and "restore" in (message.get("what"), message.get("order"))
        if after != before and not back:
            router.push(after + "?" + visit.link())  # a step of its own, for the browser's Back
        set_version(lambda old: old + 1)

    with speaking(visit.language):
        try:
            visit.show(name, tail)
            page, view, reply = contents(name), visit.view(name), visit.reply
            film = visit.shown_film() if name == "watch" else {}
            solara.Title(visit.title(name))
        except Exception:  # a page that fails must not show a traceback to whoever looks
            log.exception("page %s failed", name)
            failed = gettext("This page could not be drawn. Reset the levers, or load it anew.")
            page, view, reply, film = contents(name), {"failed": failed}, {}, {}
    Screen(name=name, page=page, view=view, reply=reply, film=film, event_act=act)
    del version


@solara.component
def Whole(children: list[Any] = []) -> Any:  # noqa: B006
    """Leave the whole window to the page, whichever route matches: the visit outlives the change of pages."""
    router = solara.use_router()
    first = next((piece for piece in router.parts if piece), "explore")
    if first == "mesa":
        return solara.AppLayout(children=children, title="supplysim in Mesa", navigation=False, color="#0b2a3c")
    pieces = [piece for piece in router.parts if piece]
    Shell(first, "/".join(pieces[1:])[:80])
    return None


@solara.component
def Nothing() -> None:
    """Stand for what `Whole` shows."""
    solara.Text("")


routes = [
    solara.Route(
        "/" if name == "explore" else name, component=Nothing, label=name, layout=Whole if name == "explore" else None
    )
    for name in PAGES
]
routes.append(solara.Route("mesa", component=MesaPage, label="Mesa"))
