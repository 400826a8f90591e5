"""What a result rests on: ranking, variance, assumptions, what is not identified, and where it comes from."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.edition import edition
from supplysim.evidence import parameters
from supplysim.experiment.design import posterior_of, posterior_origin, sees
from supplysim.experiment.drivers import Driver
from supplysim.experiment.fingerprint import installed, parameters_hash, told
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import AS_IT_STANDS
from supplysim.packs import described
from supplysim.policies.declared import tables_of
from supplysim.report.formatting import compact, share
from supplysim.report.html import Table
from supplysim.run import BASELINE
from supplysim.setup.states import states_of

if TYPE_CHECKING:
    import pandas as pd

CHIPS = "chips"  # the objective whose ranking is shown; the others stand in ranking.csv
ASSUMPTION = "assumption"  # in place of a source

RANKING_NOTE = (
    "Best: fewest chips delivered over the window. Expected regret: chips delivered more than under the best choice of "
    "each world. ± one standard error. A package does not compete with its parts."
)
VARIANCE_NOTE = (
    "Share of the variance over pairs that chance (the seed) causes; the rest comes from parameters nobody knows. More "
    "pairs narrow the interval of a mean, not this spread."
)
DRIVERS_NOTE = (
    "Rank correlation over pairs with its 90 % interval: of a parameter with deliveries as it stands, and with the "
    "relative change that a policy brings (positive: the more of the parameter, the weaker the policy). Only those are "
    "shown that chance among so many parameters would hardly bring about. With fewer than some 128 pairs draws of "
    "different parameters go together, and one may stand for another."
)
NO_DRIVERS = (
    "No uncertain parameter stands out: parameters were held fixed, or there are too few pairs to tell one that "
    "matters from chance."
)
NOT_IDENTIFIED = (
    "No public data identify how much is smuggled, buyers' taste for smuggled chips, what share of purchases is "
    "screened and what screening tells, how many insiders would talk, how many investigators work on chips, or how "
    "strongly traders respond to risk. Volume, price and shares move with demand and capacity, so they do not pin down "
    "enforcement.",
    "No study has measured what any of these policies does to diversion; their strengths are assumptions.",
)


def ranking(study: Study, table: pd.DataFrame) -> Table:
    """Return how often each choice is best, and what it may cost to choose it."""
    rows: list[tuple[str, ...]] = [
        (
            f"{row['policy']} ({row['rule']})" if study.by_rule else row["policy"],
            _with_error(share(row["probability_best"]), row["probability_error"], share),
            _with_error(compact(row["regret"]), row["regret_error"], compact),
        )
        for row in table[table["objective"] == CHIPS].to_dict("records")
    ]
    return ("Choice (decision rule)" if study.by_rule else "Choice", "Best in", "Expected regret, chips"), rows


def variance(table: pd.DataFrame) -> Table:
    """Return the share of variance that seeds cause; no rows without replicates."""
    rows: list[tuple[str, ...]] = [
        (
            f"Deliveries {AS_IT_STANDS}" if row["policy"] == BASELINE else f"Effect of {row['policy']}",
            _with_error(share(row["seeds_share"]), row["error"], share),
            f"{row['groups']}",
        )
        for row in table.to_dict("records")
        if isfinite(row["seeds_share"])
    ]
    return ("Variance of", "Caused by chance", "Draws run under two seeds"), rows


def drivers(study: Study, table: pd.DataFrame) -> Table:
    """Return the parameters that matter, one row each; no rows if none stands out."""
    found: dict[str, list[Driver]] = {}
    for one in (Driver(**row) for row in table.to_dict("records")):
        if one.matters:
            found.setdefault(one.parameter, []).append(one)
    known = parameters()
    rows: list[tuple[str, ...]] = []
    for name in sorted(found, key=lambda name: -max(abs(one.correlation) for one in found[name])):
        draws = [study.draws[pair[0].pair][name] for pair in study.runs]
        low, high = np.quantile(draws, [0.05, 0.95])
        level = [_correlation(one) for one in found[name] if one.policy == BASELINE]
        effects = [f"{one.policy} {_correlation(one)}" for one in found[name] if one.policy != BASELINE]
        parameter = known[name]
        drawn = f"{low:.3g} to {high:.3g} {parameter.unit}".replace("-", "−")
        rows.append((name, parameter.meaning, drawn, "".join(level), "\n".join(effects)))
    return ("Parameter", "Meaning", "5-95 % of draws", f"Deliveries {AS_IT_STANDS}", "Relative effects"), rows


def levers(study: Study) -> Table:
    """Return what is assumed of each policy that is compared, once each."""
    policies = {policy.label(): policy for members in study.arms.values() for policy in members}
    rows: list[tuple[str, ...]] = [(label, one.mechanism, one.payer, one.unknown) for label, one in policies.items()]
    return ("Lever", "What it does", "Who pays", "Not known"), rows


def not_identified(study: Study) -> list[str]:
    """Return what no data tell, and which of the varied parameters rest on an assumption alone."""
    known = parameters()
    uncertain = [name for name in study.scenario.uncertain() if name in known]
    assumed = [name for name in uncertain if set(known[name].sources) <= {ASSUMPTION}]
    counted = (
        f"Of the {len(uncertain)} parameters that are uncertain here, {len(assumed)} rest on an assumption without a "
        f"source: {', '.join(sorted(assumed))}."
    )
    return [*NOT_IDENTIFIED, *([counted] if assumed else [])]


def origin(provenance: Mapping[str, Any]) -> Table:
    """Return what is needed to repeat the comparison, in few rows."""
    seeds, drawn = provenance["seeds"], provenance["parameters"]
    world = provenance.get("world")
    versions = (f"{name} {version}" for name, version in provenance["versions"].items() if version)
    rows: list[tuple[str, ...]] = [
        ("Scenario", f"{provenance['scenario']['name']} (hash {provenance['scenario']['hash'][:16]})"),
        *([("World", f"{world['title']} ({world['name']}-{world['fingerprint']})")] if world else []),
        ("Pairs", f"{provenance['pairs_finished']} of {provenance['pairs_asked']} asked for"),
        ("Seeds", f"{seeds[0]} to {seeds[-1]}"),
        (
            "Parameters",
            f"{drawn['from']}{_of_sample(drawn['sample'])}; decision rule: {drawn['rule'] or 'the scenario’s'}",
        ),
        ("Source revision", str(provenance["source_revision"] or "unknown")),
        ("Versions", ", ".join(versions)),
        ("Platform", " ".join(provenance["platform"].values())),
    ]
    return ("What", "Value"), rows


def _of_sample(sample: Mapping[str, Any] | None) -> str:
    return "" if sample is None else f" ({sample['file']}: {sample['command']}, {sample['edition']})"


def _correlation(one: Driver) -> str:
    return f"{one.correlation:+.2f} ({one.low:+.2f} to {one.high:+.2f})".replace("-", "−")


def _with_error(text: str, error: float, form: Any) -> str:
    return f"{text}\n± {form(error)}" if isfinite(error) else text


PACKAGES = ("supplysim", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the packages that can change a number; None if not installed."""
    return {"python": platform.python_version(), **{name: installed(name) for name in PACKAGES}}


def source_revision() -> str | None:
    """Return the git revision of the source, with ``+changes`` if files differ; None outside a checkout."""
    folder = Path(__file__).parent
    if _git(folder, "ls-files", "--error-unmatch", Path(__file__).name) is None:  # a repository, but not ours
        return None
    revision = _git(folder, "rev-parse", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{revision}+changes" if revision and changed else revision


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, or None if it is missing or refuses."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _states(study: Study) -> dict[str, Any]:
    """Return the states as they were drawn from, as they are counted, and the value of each in every pair."""
    drawn = [states_of(pair[0].parameters) for pair in study.runs]
    return {
        "drawn_from": [state.table() for state in study.scenario.states],
        "counted_by": [state.table() for state in study.states],
        "drawn": {state.name: [values[state.name] for values in drawn] for state in study.states},
    }


def _sample(study: Study) -> dict[str, Any]:
    """Return which posterior sample the pairs were drawn from, and how that was made."""
    path = posterior_of(study.scenario)
    made = posterior_origin(path)
    return {"file": path.name, "sees": sees(path)} | {name: made.get(name) for name in ("command", "seed", "edition")}


def provenance(study: Study) -> dict[str, Any]:
    """Return what is needed to repeat a comparison and to trust that it was."""
    own = tables_of(policy for policies in (study.scenario.policies, *study.arms.values()) for policy in policies)
    return {
        "versions": versions(),
        "source_revision": source_revision(),
        "edition": edition(),
        "scenario": {
            "name": study.scenario.name,
            "title": study.scenario.title,
            "parameters": dict(study.scenario.parameters),
            "hash": study.scenario.hash(),
        },
        **described(),
        **({"beliefs": study.beliefs.document()} if study.beliefs else {}),
        "policies": {arm: [told(policy) for policy in policies] for arm, policies in study.arms.items()},
        **({"levers": own} if own else {}),  # those that files describe
        "parameters": {
            "from": study.parameters,
            "sample": _sample(study) if study.parameters == "posterior" else None,
            "rule": study.rule,
            "hashes": [parameters_hash(pair[0].parameters) for pair in study.runs],
        },
        "seeds": [pair[0].seed for pair in study.runs],
        **({"states": _states(study)} if study.states else {}),
        "given": None if study.left is None else study.left.document(),
        "pairs_asked": len(study.draws),
        "pairs_finished": study.pairs,
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "wall_time_seconds": round(study.wall_time, 3),
    }
