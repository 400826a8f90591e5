"""The model described by the ODD+D protocol, made from the code and its tables: docs/odd.md.

Run as ``python -m docs.writers.odd``. What can be read off the source is; only the design concepts are prose.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import supplysim
from supplysim import evidence
from supplysim.agents.kinds import KINDS
from supplysim.edition import stamp
from supplysim.evidence import ASSUMPTION, TABLES
from supplysim.outputs.measures import MEASURES
from supplysim.report.formatting import plain
from supplysim.report.markdown import notice, table
from supplysim.setup.scenario import Scenario
from supplysim.week import PHASES

PACKAGE = Path(supplysim.__file__).parent
COMMAND = "python -m docs.writers.odd"
RECORDS = ("ORDER", "SHIPMENT", "LEAD", "CASE")
PURPOSE = (
    "supplysim compares policies against the diversion of export-controlled AI chips, in aggregate, for policy "
    "analysis and teaching. It explores and compares; **it does not forecast**. It is meant for questions of the "
    "form *which policy changes more, through which mechanism, at whose cost, and how sure is that*; it is not meant "
    "for predicting volumes, for judging firms or persons, or for setting an enforcement budget to the dollar. No "
    "effect of any lever on diversion has been measured, so every such coefficient is a scenario with a range."
)
CONCEPTS = {
    "Theoretical and empirical background": (
        "Becker's participation with *perceived* hazard, random utility for routes, sellers and kinds of compute, "
        "signal detection for every detector, staff that searches, watches and works on cases, one clearing of all "
        "lawful kinds of compute, entry on lagged profit. "
        "Numbers come from the evidence tables by id; where there is no source, the row says `assumption`."
    ),
    "Individual decision-making": (
        "Scalar rules beside each kind of firm (`agents/`). Intermediaries weigh profit against perceived loss; "
        "buyers weigh price, wait and taste; enforcers rank dossiers by posterior log-odds and size. Rival rules, "
        "`salience` and `habit`, are switches of a scenario."
    ),
    "Learning": (
        "Discounted conjugate counts: Beta per hop, Gamma for being caught, from own, peers' and public events. "
        "Traders learn to evade checks as these bite; buyers learn what a switch costs them from chips seen disabled. "
        "Vendors hold log odds on sites, honest or not, moved by the same reports and audits."
    ),
    "Individual sensing": (
        "Firms see asks, fills and outcomes on their own ties, and public events. Nobody sees true hazards; "
        "enforcers never read whether a lead is true."
    ),
    "Individual prediction": "None: firms use perceived values of the week.",
    "Interaction": (
        "Shared distributor stock, of which unproven buyers get a part; shared investigators; papers of concluded "
        "cases that name peers; word of mouth among peers."
    ),
    "Collectives": (
        "A principal is the lineage of shells and its returns: it keeps its forwarders, part of its standing and part "
        "of what agencies hold against it."
    ),
    "Heterogeneity": "Every firm has its own size, country, ties, beliefs and margins, drawn from its key.",
    "Stochasticity": (
        "Every draw is a pure function of seed, stream, clock and key (`world/streams.py`): the same seed is the same "
        "world under every policy."
    ),
    "Observation": "Truth and public record are apart (`outputs/`): late, noisy, partial.",
}
# Mechanisms that were tried and are not in the model: what, and how much it moved.
LEFT_OUT = (
    (
        "A tier of server makers whose desks ration by relation",
        "loss of a broker's own flow .59-.61, where constants alone do as much; due diligence -16 to -31 % (-18 % if "
        "relations survive a refusal); run time x 1.1",
    ),
    (
        "Insiders through whom part of the purchases pass",
        "rewards for tips -3.4 +- .7 % at a share of 14 %, -9.4 +- 1.6 at 27 %, -21 +- 3 at 55 %: kept as the "
        "uncertain parameter `insider_share`, which scales tips on traders",
    ),
    (
        "Chips swapped out after installation",
        "at 1 % of providers a year 14,000 chips in two years, 5 % of smuggling; end-use checks cut it by 21 +- 6 %, "
        "location checks by 18 +- 5 %",
    ),
    ("Buyers' trial orders", "loss of a broker's own flow .61, 88,000 chips in 2024, not centred again"),
    ("Route choice that follows use", "a replicator: Hong Kong's share .22 to .49 by itself"),
)


def entities() -> str:
    """Return the state variables of every kind of firm and record, with units, from their declarations."""
    parts = []
    for kind in KINDS:
        module = importlib.import_module(f"supplysim.agents.{kind.name}")
        declared = next(name for name, value in vars(module).items() if value is kind.columns)
        parts += [f"### {first_line(module.__doc__)}", columns(PACKAGE / "agents" / f"{kind.name}.py", declared)]
    for name in RECORDS:
        parts += [f"### Record: {name.lower()}", columns(PACKAGE / "world" / "records.py", name)]
    return "\n\n".join(parts)


def columns(path: Path, name: str) -> str:
    """Return the columns that a file declares under a name, as a table of variable and meaning or unit."""
    block = re.search(rf"^{name} = columns\((.*?)^\)", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    if block is None:
        raise ValueError(f"{path.name}: no columns are declared as {name}")
    rows = re.findall(r"^ {4}(\w+)=(.+?),(?:  # ?(.*))?$", block[1], re.MULTILINE)
    return table(("variable", "kind", "unit or meaning"), [(f"`{n}`", shape, meaning) for n, shape, meaning in rows])


def first_line(text: str | None) -> str:
    """Return the first line of a docstring without its full stop."""
    return (text or "").strip().splitlines()[0].rstrip(".")


def schedule() -> str:
    """Return the phases of a week with what they read and write."""
    rows = [(str(at), phase.name, phase.reads, phase.writes) for at, phase in enumerate(PHASES)]
    return "One step is a week. All firms in a phase see what the phase before left.\n\n" + table(
        ("", "phase", "reads", "writes"), rows
    )


def initialisation() -> str:
    """Return the sizes of the reference scenario."""
    scenario = Scenario.load("baseline-2024")
    rows = [(name.replace("_", " "), plain(value)) for name, value in scenario.population.model_dump().items()]
    return (
        f"`setup/population.py` makes firms and ties from the scenario and the seed. `{scenario.name}` runs "
        f"{scenario.weeks} weeks from {scenario.start}; its first year fills the shelves and is not reported.\n\n"
        + table(("", "number"), rows)
    )


def inputs() -> str:
    """Return the input tables and the evidence they cite."""
    rows = []
    for name in TABLES:
        content = evidence.table(name)
        refs = sorted({ref for row in content for ref in row.get("sources", "").split()})
        assumed = ASSUMPTION in refs
        known = [ref for ref in refs if ref != ASSUMPTION]
        rows.append((f"`{name}.csv`", str(len(content)), " ".join(known) or "–", "yes" if assumed else "no"))
    return table(("table", "rows", "evidence", "holds assumptions"), rows)


def submodels() -> str:
    """Return what each phase does, in the words of its file."""
    rows = []
    for path in sorted((PACKAGE / "phases").glob("*.py")):
        if path.stem != "__init__":
            module = importlib.import_module(f"supplysim.phases.{path.stem}")
            rows.append((f"`phases/{path.name}`", first_line(module.__doc__)))
    return table(("file", "what happens"), rows)


def parameters() -> str:
    """Return every parameter by group."""
    parts = []
    everything = sorted(evidence.parameters().values(), key=lambda parameter: parameter.group)
    for group, members in groupby(everything, key=lambda parameter: parameter.group):
        rows = [
            (
                f"`{p.name}`", p.meaning, p.unit, plain(p.default, 6),
                "fixed" if p.prior is None else p.prior.to_text(), " ".join(p.sources),
            )
            for p in members
        ]  # fmt: skip
        parts += [f"### {group}", table(("name", "meaning", "unit", "value", "prior", "sources"), rows)]
    return "\n\n".join(parts)


def outputs() -> str:
    """Return the measures."""
    shown = [measure for name, measure in MEASURES.items() if ":" not in name]
    rows = [(f"`{measure.name}`", measure.unit, measure.meaning) for measure in shown]
    return table(("measure", "unit", "meaning"), rows)


def document() -> str:
    """Return the whole description."""
    concepts = "\n\n".join(f"### {name}\n\n{text}" for name, text in CONCEPTS.items())
    parts = [
        notice(COMMAND, stamp()),
        "# Model description (ODD+D)",
        "After Grimm et al. (2020) and Müller et al. (2013).",
        f"## I.i Purpose\n\n{PURPOSE}",
        f"## I.ii Entities, state variables, scales\n\n{entities()}",
        f"## I.iii Process overview\n\n{schedule()}",
        f"## II Design concepts\n\n{concepts}",
        "## III.i Implementation\n\nPython, compiled with numba; `SupplyChain` is a `mesa.Model`, the engine runs "
        "without Mesa and gives the same bits. Apache-2.0; versions in constraints.txt.",
        f"## III.ii Initialisation\n\n{initialisation()}",
        f"## III.iii Input data\n\n{inputs()}",
        f"## III.iv Submodels\n\n{submodels()}",
        "## Left out\n\n" + table(("tried", "what it moved"), LEFT_OUT),
        f"## Parameters\n\n{parameters()}",
        f"## Outputs\n\n{outputs()}",
    ]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the description."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    (parser.parse_args(arguments).out / "odd.md").write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
