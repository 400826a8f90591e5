"""The digests of every table of a dozen worlds, which make an edition of the rules (docs/decisions/0013).

    python tests/digests.py --same            # the source was refactored: run all worlds; if equal, register it
    python tests/digests.py --columns         # the same, but tables gained, lost or renamed columns
    python tests/digests.py --edition second  # the rules are others now: write the digests of a new edition

Integers are the same everywhere. Floating-point columns are the same to the bit on the platform that wrote the file
(processor, numba, NumPy); elsewhere their sums are, to 1e-12.
"""

import argparse
import hashlib
import json
import math
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

from supplysim.edition import digests_hash, edition, register, registered
from supplysim.engine import Engine
from supplysim.experiment.design import parameter_draws
from supplysim.policies.registry import levers
from supplysim.setup.scenario import Scenario

FILE = Path(__file__).parent / "digests.json"
SIX = "due_diligence+notification+location_verification+intelligence+whistleblower+enforcement_budget"
OWN = {name: kind for name, kind in levers().items() if kind.__module__ == f"supplysim.policies.{name}"}


def every(names):
    """Return levers at half strength."""
    return "+".join(f"{name}:SG,MY=0.5" if OWN[name].needs_scope else f"{name}=0.5" for name in sorted(names))


EVERY = every(registered()["levers"])  # a lever that is added joins with the next edition
# Scenario, levers, rules that differ from the scenario's, seed, which prior draw (None: central parameters).
WORLDS = {
    "baseline": ("baseline-2024", "", {}, 7, None),
    "baseline, the six": ("baseline-2024", SIX, {}, 8, None),
    "baseline, every lever at half strength": ("baseline-2024", EVERY, {}, 9, None),
    "baseline, salience, a port closed": (
        "baseline-2024",
        "close_country:SG+border=0.5",
        {"decision": "salience"},
        10,
        1,
    ),
    "baseline, habit, naive triage": (
        "baseline-2024",
        "whistleblower+enforcement_budget@2025-06..2026-06",
        {"decision": "habit", "triage": "naive"},
        11,
        2,
    ),
    "baseline, a prior draw, chips answer": ("baseline-2024", "location_verification+kill_switch", {}, 12, 5),
    "baseline, a prior draw, other compute": ("baseline-2024", "remote_kyc+tighter_controls+legal_supply", {}, 13, 6),
    "history": ("history-2022-2026", "", {}, 14, None),
    "high volume": ("high-volume-world", "due_diligence=0.7", {}, 15, None),
    "low volume": ("low-volume-world", "marketplace+penalties", {}, 16, None),
    "fronts": ("bulk-fronts", "cooperation:SG=0.5", {}, 17, 3),
    "minimal": ("minimal", "", {}, 18, None),
    "minimal, every lever, habit": ("minimal", EVERY, {"decision": "habit"}, 19, None),
}
PLAIN_PYTHON = ("minimal", "minimal, every lever, habit")  # worlds that plain Python runs in seconds
COUNTED = ("orders", "shipments", "leads", "cases", "open_orders", "moving", "delayed", "returns", "open_cases")
NOTED_DOWN = ("scratch", "requests")  # read by nobody after the phase that wrote them


def here():
    """Return what decides the last bit of a floating-point number."""
    import llvmlite.binding

    packages = " ".join(f"{name} {version(name)}" for name in ("numba", "numpy"))
    return f"{sys.platform} {platform.machine()} {llvmlite.binding.get_host_cpu_name()} {packages}"


def ran(name):
    """Return the finished engine of a world."""
    scenario, policies, rules, seed, draw = WORLDS[name]
    scenario = Scenario.load(scenario).with_(rules=rules)
    draws = parameter_draws(scenario, "prior", 8, 1)
    engine = Engine(scenario, [policies] if policies else [], seed, None if draw is None else draws[draw])
    engine.run()
    return engine


def columns(tables, counts, inside=""):
    """Yield name and values of every column, of tables that grow only the rows that count."""
    for name, value in zip(tables._fields, tables, strict=True):
        if hasattr(value, "_fields") and name not in NOTED_DOWN:
            yield from columns(value, counts, f"{inside}{name}.")
        elif isinstance(value, np.ndarray) and name not in NOTED_DOWN:
            used = value[: counts[name]] if name in COUNTED else value
            for field in used.dtype.names or [None]:
                yield f"{inside}{name}" + (f".{field}" if field else ""), used if field is None else used[field]


def digest(values):
    """Return the short hash of a column, with two sums if it holds floating-point numbers."""
    values = np.ascontiguousarray(values)
    name = hashlib.blake2b(values.tobytes(), digest_size=6).hexdigest()
    if values.dtype.kind != "f":
        return [name]
    known = values.ravel()[np.isfinite(values.ravel())]
    places = np.arange(1.0, known.size + 1.0) / max(known.size, 1)
    return [name, math.fsum(known), math.fsum(known * places), math.fsum(np.abs(known))]


def digests(name):
    """Return the digests of a world: its tables, and what is made of them by week, year, channel and record."""
    engine = ran(name)
    made = {f"world.{column}": values for column, values in columns(engine.world, engine.world.counts[0])}
    made |= {f"weekly.{column}": values for column, values in engine.columns().items()}
    summary = engine.summary()
    for table, rows in zip(("yearly", "access", "public_record"), summary, strict=True):
        for column in sorted({column for row in rows.values() for column in row}):
            values = [row[column] for row in rows.values()]
            if not isinstance(values[0], str):
                made[f"{table}.{column}"] = np.array(values, dtype=float)
    return {column: digest(values) for column, values in made.items()}


def differences(found, kept, same_platform):
    """Return the columns that differ: by a bit, or, of numbers made on another platform, by more than 1e-12."""
    other = sorted(found.keys() ^ kept.keys())
    for column in found.keys() & kept.keys():
        (name, *sums), (kept_name, *kept_sums) = found[column], kept[column]
        if name == kept_name:
            continue
        if same_platform or not sums or not np.allclose(sums, kept_sums, rtol=0.0, atol=1e-12 * kept_sums[2]):
            other.append(column)
    return other


def written(made):
    """Return the digests of all worlds as the file holds them."""
    lines = [f' "platform": {json.dumps(here())}']
    for name, world in made.items():
        rows = ",\n".join(f"  {json.dumps(column)}: {json.dumps(kept)}" for column, kept in world.items())
        lines.append(f" {json.dumps(name)}: {{\n{rows}\n }}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def changed(made, kept):
    """Return the columns of all worlds that are not what they were."""
    same = kept["platform"] == here()
    return [f"{name}: {column}" for name in made for column in differences(made[name], kept[name], same)]


def shared(made, kept):
    """Return two sets of digests without the columns that only one of them has."""
    both = {name: made[name].keys() & kept[name].keys() for name in made}
    return [
        world | {name: {c: world[name][c] for c in columns} for name, columns in both.items()} for world in (made, kept)
    ]


def main(arguments=None):
    """Run every world, then register the source as of the same edition, or begin a new one; return the exit status."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    how = asked.add_mutually_exclusive_group(required=True)
    how.add_argument("--same", action="store_true")
    how.add_argument("--columns", action="store_true")
    how.add_argument("--edition", metavar="NAME")
    given = asked.parse_args(arguments)
    if given.edition is not None and not re.fullmatch("[a-z][a-z0-9]*", given.edition):
        asked.error("name the new edition by a short word: make digests EDITION=second")
    if given.edition:
        WORLDS.update({name: (world[0], every(OWN), *world[2:]) for name, world in WORLDS.items() if world[1] == EVERY})
    made = {name: digests(name) for name in WORLDS}
    known = None if given.edition else registered()
    if known is not None:
        kept = json.loads(FILE.read_text())
        moved = changed(*(shared(made, kept) if given.columns else (made, kept)))
        if moved:
            print("Nothing is registered: the runs are others than before.", *moved[:20], sep="\n  ")
            return 1
    if not given.same:
        FILE.write_text(written(made))
    if given.edition:
        now = register(f"{given.edition}-{digests_hash(FILE)}", FILE, OWN)
    else:
        now = register(known["edition"], FILE, known["levers"])
    print(f"{len(made)} worlds, {sum(map(len, made.values()))} columns: {now['edition']}, source {now['source'][:8]}")
    return int(edition() != now["edition"])


if __name__ == "__main__":
    sys.exit(main())
