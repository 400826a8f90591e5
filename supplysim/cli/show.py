"""`supplysim show`: all that is known about one name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from supplysim import evidence
from supplysim.cli.options import english_only
from supplysim.errors import InputError, nearest
from supplysim.evidence import Parameter

if TYPE_CHECKING:
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

Facts = dict[str, Any]


def show_command(name: str, *, as_json: bool, answer: int | None = None) -> None:
    """Print the facts about a scenario, policy, parameter, measure, lesson or evidence id.

    Of a lesson, what may be seen before a prediction; with an `answer`, counted from 1, what comes after it.

    Raises
    ------
    InputError
        When nothing has that name, or it is no lesson and asked for in another language.
    """
    if answer is None:
        facts = find(name)
    else:
        from supplysim.cli.lessons import after

        facts = after(name, answer)
    if facts["kind"] != "lesson":
        english_only(f"a {facts['kind']} is shown")
    if as_json:
        print(json.dumps(facts, indent=1, default=str))
        return
    from supplysim.cli.screen import console
    from supplysim.cli.tables import lines, print_facts

    if facts["kind"] == "policy":
        _print_card(name, facts["title"])
        return
    if facts["kind"] == "lesson":
        from supplysim.cli.lessons import labelled

        facts = labelled(facts)
    print_facts(console(), lines(facts))


def _print_card(name: str, title: str) -> None:
    """Print a policy card: headings, and under each its lines."""
    from rich.padding import Padding
    from rich.text import Text

    from supplysim.cli.screen import console
    from supplysim.policies import levers
    from supplysim.policies.cards import card
    from supplysim.report.hangs_on import sentences

    screen = console()
    screen.print(Text.assemble((title, "bold"), f"  (policy {name})"))
    told = card(levers()[name])
    parts = {
        **{heading: lines for heading, lines in told.items() if heading != "Sources"},
        "What its effect hangs on most": sentences(name),
        "Sources": told["Sources"],
    }
    for heading, lines in parts.items():
        if not lines:
            continue
        screen.print()
        screen.print(Text(heading, style="bold"))
        for line in lines:
            screen.print(Padding(Text(line.strip(), overflow="fold"), (0, 0, 0, 2), expand=False))


def find(name: str) -> Facts:
    """Return the facts about a name, whatever kind of thing it names.

    Raises
    ------
    InputError
        When nothing has that name.
    """
    from supplysim.cli.lessons import facts as _lesson

    kinds: tuple[Callable[[str], Facts | None], ...] = (_scenario, _policy, _parameter, _measure, _lesson, _evidence)
    for kind in kinds:
        facts = kind(name)
        if facts is not None:
            return facts
    from supplysim.lessons import titles
    from supplysim.outputs.measures import MEASURES
    from supplysim.policies import levers
    from supplysim.setup.scenario import shipped

    known = [*shipped(), *levers(), *_parameter_names(), *MEASURES, *titles(), *evidence.quantities()]
    raise InputError(f"show {name}", None, "nothing has that name", nearest(name, known))


def _scenario(name: str) -> Facts | None:
    from supplysim.experiment.design import posterior_of, sees
    from supplysim.setup.scenario import Scenario, shipped

    if name not in shipped() and not name.endswith(".toml"):
        return None
    scenario = Scenario.load(name)
    posterior = posterior_of(scenario)
    return {
        "kind": "scenario",
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "why": scenario.why,
        "sources": references(scenario.sources),
        "period": f"{scenario.start} to {scenario.end}, {scenario.weeks} weeks",
        "policies_from": scenario.policy_start,
        "posterior": f"{posterior.name}, calibrated to {sees(posterior)}",
        "parameters_changed": dict(scenario.parameters),
        "rules": scenario.rules.model_dump(),
        "population": scenario.population.model_dump(),
        "network": list(scenario.network.files()),
        "policies": [policy.label() for policy in scenario.policies],
        "states": {state.name: state.in_words() for state in scenario.states},
        **_bill(scenario),
        "hash": scenario.hash(),
    }


def _bill(scenario: Scenario) -> Facts:
    """Return what a card says of its bill, and its clauses one by one; nothing for another scenario."""
    bill = scenario.bill
    if bill is None:
        return {}
    return {
        "numbers": bill.numbers,
        "stand": f"{bill.stand} (as of {bill.stand_on})",
        "law_assumed_on": bill.law_on,
        "chance_rests_on": bill.chance,
        "clauses": [
            {
                "clause": clause.text,
                "clock": clause.clock,
                "threshold": clause.threshold,
                "binds_from": clause.start,
                "said_by": clause.levers,
                "not_modelled": ("" if clause.levers else "none of it: ") * bool(clause.not_modelled)
                + clause.not_modelled,
                "confidence": clause.confidence,
                "sources": clause.sources,
            }
            for clause in bill.clauses
        ],
    }


def _policy(name: str) -> Facts | None:
    from supplysim.policies import levers
    from supplysim.policies.doses import doses

    lever = levers().get(name)
    if lever is None:
        return None
    return {
        "kind": "policy",
        "name": name,
        "title": lever.title,
        "group": lever.group,
        "mechanism": lever.mechanism,
        "how_traders_adapt": lever.response,
        "not_known": lever.unknown,
        "law": lever.law,
        "doses": doses(lever),
        "who_pays": lever.payer,
        "burden": lever.burden,
        "weeks_to_full_strength": lever.ramp_weeks,
        "scopes": list(lever.scopes),
        "default_scope": list(lever.default_scope()),
        "settings": {name: it | _drawn(lever, name) for name, it in lever.settings().items()},
        "sources": references(lever.sources),
    }


def _drawn(lever: type[Policy], setting: str) -> Facts:
    """Return what the table of evidence adds on a setting: prior, payer, authority, sources; nothing if it has none."""
    row = lever.evidence().get(setting)
    if row is None:
        return {}
    prior = "fixed" if row.prior is None else row.prior.to_text()
    told = {"prior": prior, "payer": row.payer, "authority": row.authority, "note": row.note}
    return told | {"sources": references(row.sources)}


def _parameter_names() -> dict[str, Parameter]:
    known = evidence.parameters()
    return {parameter.symbol: parameter for parameter in known.values() if parameter.symbol} | dict(known)


def _parameter(name: str) -> Facts | None:
    parameter = _parameter_names().get(name)
    if parameter is None:
        return None
    return {
        "kind": "parameter",
        "name": parameter.name,
        "symbol": parameter.symbol,
        "group": parameter.group,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "value": parameter.default,
        "low": parameter.low,
        "high": parameter.high,
        "prior": "fixed" if parameter.prior is None else parameter.prior.to_text(),
        "sources": references(parameter.sources),
        "note": parameter.note,
    }


def _measure(name: str) -> Facts | None:
    from supplysim.outputs.measures import MEASURES

    if name not in MEASURES:
        return None
    measure = MEASURES[name]
    return {
        "kind": "measure",
        "name": name,
        "unit": measure.unit,
        "meaning": measure.meaning,
        "over_years": measure.made.in_words,
    }


def _evidence(name: str) -> Facts | None:
    try:
        rows = evidence.resolve(name)
    except InputError:
        return None
    return {"kind": "evidence", "name": name, "rows": [asdict(row) for row in rows]}


def references(names: tuple[str, ...]) -> list[str]:
    """Return the sources of some references, each once, with title and address."""
    from supplysim.policies.cards import sources

    return [", ".join(filter(None, source)) for source in sources(names)]
