"""A kind of firm between vendors and distributors is added in at most eight files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATCH = Path(__file__).parent / "server_maker.patch"
MOST_FILES = 8
RUN = """
import json
import supplysim as ss
from supplysim.agents.views import VIEWS

(maker,) = (view for view in VIEWS if view.__name__ == "ServerMaker")
model = ss.SupplyChain("minimal", ["location_verification@2023-02"], rng=3, check=True)
held, spent = [], []
while model.week < 30:
    model.step()
    agents = list(model.agents_by_type[maker])
    held.append(sum(int(agent.stock.sum()) for agent in agents))
    spent.append(-sum(agent.cash for agent in agents))
graph = model.trade_graph()
edges = [(graph.nodes[a]["kind"], graph.nodes[b]["kind"], flow["units"]) for a, b, flow in graph.edges(data=True)]
print(json.dumps({
    "file": ss.__file__,
    "held": held,
    "spent": spent,
    "bought": int(model.world.server_makers["received"].sum()),
    "sold": int(model.world.distributors["built"].sum()),
    "edges": edges,
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the source tree with the kind added."""
    copy = tmp_path_factory.mktemp("tree")
    for folder in ("supplysim", "scenarios"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        ["git", "init", "--quiet", "."], cwd=copy, check=True, timeout=1200
    )  # else a tree around it would be patched
    subprocess.run(["git", "apply", "-C1", str(PATCH)], cwd=copy, check=True, timeout=1200)
    return copy


def python(tree, *arguments):
    """Return what plain Python prints when it runs the copy."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(tree), "NUMBA_DISABLE_JIT": "1"},
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_kind_touches_few_files():
    files = [line for line in PATCH.read_text("utf-8").splitlines() if line.startswith("diff --git")]
    assert 0 < len(files) <= MOST_FILES


@pytest.mark.slow
def test_makers_buy_hold_and_sell_and_nothing_is_lost(tree):
    found = json.loads(python(tree, "-c", RUN))
    assert Path(found["file"]).is_relative_to(tree)
    assert found["bought"] == found["sold"] + found["held"][-1]
    assert found["sold"] > 0
    assert max(found["held"]) > 0
    assert max(found["spent"]) > 0  # chips paid for and not yet sold
    kinds = {(seller, buyer): 0 for seller, buyer, _ in found["edges"]}
    for seller, buyer, units in found["edges"]:
        kinds[seller, buyer] += units
    assert kinds["vendor", "server_maker"] == found["bought"]
    assert kinds["server_maker", "distributor"] == found["sold"]


@pytest.mark.slow
def test_the_schedule_of_the_extended_model_is_that_of_its_source(tree):
    assert "passed" in python(
        tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "test_phases.py")
    )
