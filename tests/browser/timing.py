"""How quickly the app answers, in a real browser: slider, exact runs, page open. Run it on a quiet machine.

python tests/browser/timing.py
"""

from __future__ import annotations

import shutil
import statistics
import time

from conftest import ARGUMENTS, Server
from playwright.sync_api import sync_playwright

# Moves a slider `moves` times; each time waits until tile and chart show something else and the frame is drawn.
DRAG = """async ([name, moves, pause]) => {
  const slider = document.querySelector('#lever-' + name), times = [];
  const seen = () => document.querySelector('[data-tile=delivered]').innerText + [...document.querySelectorAll('.panel .mid')].map(e => e.getAttribute('d')).join();
  for (let i = 1; i <= moves; i++) {
    const old = seen(), start = performance.now();
    slider.value = 10 + (i * 7) % 88;
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(done => { const look = () => seen() !== old || performance.now() - start > 4000 ? done() : requestAnimationFrame(look); look(); });
    times.push(performance.now() - start);
    await new Promise(done => setTimeout(done, pause));
  }
  slider.dispatchEvent(new Event('change', {bubbles: true}));
  return times; }"""


def told(what: str, times: list[float], goal: str) -> None:
    """Print median and 95 %."""
    ordered = sorted(times)
    print(
        f"{what:<44} median {statistics.median(ordered):6.0f} ms   95 % {ordered[int(0.95 * len(ordered))]:6.0f} ms"
        f"   n {len(times):3d}   goal {goal}"
    )


def measure(chromium, url: str) -> None:
    """Print all timings."""
    opened = []
    for _ in range(6):
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        started = time.perf_counter()
        page.goto(url)
        page.wait_for_selector("[data-figure=fan] svg .mid")
        page.wait_for_selector("[data-figure=map] svg .flow")
        opened.append(1e3 * (time.perf_counter() - started))
        page.context.close()
    told("page open to both charts, cold browser", opened, "4000")

    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}/?p=border=0.05")
    page.wait_for_selector(".badge[data-n='64']")
    page.evaluate(DRAG, ["border", 5, 60])
    page.wait_for_selector(".badge[data-n='64']")
    told("slider to changed charts and tiles", page.evaluate(DRAG, ["border", 40, 70]), "100, 200")
    told("same while exact runs occupy the processors", page.evaluate(DRAG, ["border", 40, 700]), "95 % 200")

    first, whole = [], []
    for number in range(8):
        page.wait_for_selector(".badge[data-n='64']")
        page.evaluate(
            "x => { const e = document.querySelector('#lever-whistleblower'); e.value = x; for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {bubbles: true})); }",
            11 + 9 * number,
        )
        started = time.perf_counter()
        page.wait_for_selector(".badge[data-status=estimate]")
        page.wait_for_selector(".badge[data-status=exact]")
        first.append(1e3 * (time.perf_counter() - started))
        page.wait_for_selector(".badge[data-n='64']")
        whole.append(1e3 * (time.perf_counter() - started))
    told("first exact band after a move", first, "1000")
    told("64 exact pairs after a move", whole, "6000")


def main() -> None:
    """Start a server and a browser, measure, stop both."""
    server = Server()
    try:
        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            measure(chromium, server.url)
            chromium.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
