"""The schedule of the week says what the phases' source says."""

import ast
from pathlib import Path

import pytest
from phase_columns import KERNELS, Trace, columns, follow, scratch, tables

from supplysim import week
from supplysim.week import PHASES
from supplysim.world.state import Office, World


def kernel_of(phase):
    """Return the name of the kernel that `one_phase` calls for a phase."""
    source = ast.parse(Path(week.__file__).read_text("utf-8"))
    (chosen,) = (node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "one_phase")
    calls = [node.func.id for node in ast.walk(chosen) if isinstance(node, ast.Call)]
    branches = [node for node in ast.walk(chosen) if isinstance(node, ast.If)]
    places = [branch.test.comparators[0].value for branch in branches]
    assert places == list(range(len(PHASES)))
    called = {place: branch.body[0].value.func.id for place, branch in zip(places, branches, strict=True)}
    assert len(calls) == len(called)
    return called[PHASES.index(phase)]


@pytest.mark.parametrize("phase", PHASES, ids=[phase.name for phase in PHASES])
def test_a_phase_reads_and_writes_what_the_schedule_says(phase):
    reads, writes = columns(kernel_of(phase))
    assert ", ".join(sorted(tables(reads))) == ", ".join(sorted(phase.reads.split(", ")))
    assert ", ".join(sorted(tables(writes))) == ", ".join(sorted(phase.writes.split(", ")))


def test_the_schedule_names_tables_of_the_world():
    known = {*World._fields, *Office._fields}
    assert {name for phase in PHASES for name in (phase.reads + ", " + phase.writes).split(", ")} <= known


@pytest.mark.parametrize("phase", PHASES, ids=[phase.name for phase in PHASES])
def test_working_space_is_read_by_nobody_but_the_phase_that_wrote_it(phase):
    reads, writes = columns(kernel_of(phase))
    assert scratch(reads) <= scratch(writes)


def traced(source):
    """Return what a function of the world reads and writes, given its lines."""
    reads, writes = set(), set()
    trace = Trace({"w": ()}, set(), reads, writes)
    for line in ast.parse(source).body:
        trace.visit(line)
    return reads, writes


def test_names_rows_and_sums_are_followed():
    reads, writes = traced("t, p = w.buyers, w.parameters[0]\nb = t[t[0].row_of]\nb.cash -= p.cost\nx = t.size")
    assert reads == {("buyers", "row_of"), ("parameters", "cost")}
    assert writes == {("buyers", "cash")}


def test_kernels_are_followed_into_what_they_call():
    reads, writes = traced("change_trust(w.buyers[i], 0, 1.0, 1.0)")
    assert writes == {("buyers", "trust"), ("buyers", "pull")}
    assert reads == {("buyers", "trust")}
    assert "change_trust" in KERNELS
    held = {"buyer": None, "tie": None, "change": None, "weight": None}
    follow("change_trust", held, set(), reads := set(), writes := set())
    assert reads == writes == set()
