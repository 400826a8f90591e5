"""A clone whose rules were changed shows no estimate of the old ones; a lever of one's own leaves the estimate be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import PATIENCE, Server, tile

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
WITHOUT = shutil.ignore_patterns("__pycache__")
LEVER = '''"""A lever that another package offers."""

from dataclasses import dataclass

from supplysim.policies import Policy
from supplysim.world.conditions import Shift


@dataclass(frozen=True, kw_only=True)
class DoorToDoor(Policy):
    """Officers knock at the door of every distributor."""

    lever = "door_to_door"
    title = "Officers at every distributor"
    group = "sale"
    mechanism = "every purchase is screened"
    response = "traders buy abroad"
    unknown = "whether there are so many officers"
    payer = "government"
    burden = "distributors' time"
    sources = ("assumption",)
    ramp_weeks = 4

    def shifts(self, base):
        yield Shift("screening_exposure", self.strength(base) * 0.5)
'''


@pytest.fixture
def clone(tmp_path):
    """Return a copy of what is installed, and a function that starts its app with further folders on the path."""
    shutil.copytree(ROOT / "supplysim", tmp_path / "supplysim", ignore=WITHOUT)
    for name in ("viz", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / "supplysim" / name, ignore=WITHOUT)
    shutil.copytree(ROOT / "docs", tmp_path / "supplysim" / "docs", ignore=shutil.ignore_patterns("writers", "*.png"))
    servers = []

    def start(*further):
        path = ":".join(map(str, (tmp_path, *further)))
        servers.append(Server(PYTHONPATH=path, PYTHONSAFEPATH="1", NUMBA_DISABLE_JIT="1"))  # nothing to compile
        return servers[-1]

    start.package = tmp_path / "supplysim"
    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def seen(browser):
    """Return a function that opens a page of a server and waits until it shows something."""
    contexts = []

    def open_page(server, path):
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(server.url + path)
        page.wait_for_selector("main#main > *")
        page.wait_for_selector(".badge")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_clone_with_another_rule_shows_no_estimate_of_the_old_one(clone, seen):
    rule = clone.package / "policies" / "border.py"
    text = rule.read_text("utf-8")
    assert "ramp_weeks = 26" in text
    rule.write_text(text.replace("ramp_weeks = 26", "ramp_weeks = 2"), "utf-8")
    page = seen(clone(), "/?p=border=0.5")
    assert page.get_attribute(".badge", "data-status") in ("waiting", "exact")
    assert page.locator("[data-status=estimate]").count() == 0
    page.wait_for_selector("text=made by another edition of the rules (")
    page.goto(page.url.split("?")[0] + "evidence")
    page.wait_for_selector("text=The quick estimate is not used")
    for report in ("Scoreboard", "What it hangs on", "Calibration to 2024"):
        page.get_by_role("button", name=report, exact=True).click()
        page.wait_for_selector("text=This page was made by another edition of the rules")


def test_a_lever_of_another_package_leaves_the_estimate_for_packages_without_it(clone, seen, tmp_path):
    site = tmp_path / "site"
    about = site / "door_to_door-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "door_to_door.py").write_text(LEVER)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: door-to-door\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[supplysim.policies]\ndoor_to_door = door_to_door:DoorToDoor\n")
    server = clone(site)
    page = seen(server, "/?p=border=0.5")
    page.wait_for_selector(".badge[data-status=estimate], .badge[data-status=exact]")
    assert tile(page)
    assert page.locator("text=The quick estimate does not know").count() == 0
    page = seen(server, "/?p=door_to_door=0.5")
    page.wait_for_selector("text=The quick estimate does not know the lever door_to_door")
