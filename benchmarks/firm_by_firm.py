"""The asks phase firm by firm through Mesa, against the same rules in one kernel.

Half way through a run every active intermediary works out its quote for each generation and whether it takes
part: `agents_by_type[Intermediary].select(active).do(...)`, against phase "asks" for all firms. Both call the
same compiled rules and must agree on every quote. The kernel also sets how firms appeal to buyers, and works
out each cost once where the agents work out one of them twice. The phase is repeated in batches (it writes
the same answer again), and as many empty calls are taken off. Most of an agent's time goes into handing
tables to a compiled rule, once a call: the ratio is what acting one by one costs here, not what plain
Python would.
"""

from __future__ import annotations

import numpy as np

from benchmarks.figures import Figure, figure, seconds
from supplysim.agents.views import Buyer, Distributor, EndUser, Intermediary
from supplysim.model import SupplyChain
from supplysim.week import PHASES, run
from supplysim.world.columns import GENERATIONS

TITLE = "Firm by firm through Mesa"
ASKS = next(index for index, phase in enumerate(PHASES) if phase.name == "asks")


def decide(firm: Intermediary) -> None:
    """Let one firm do what the asks phase does for it."""
    for generation in range(GENERATIONS):
        firm.quote(generation)
    firm.takes_part()


def measure(scenario: str, repeats: int, batch: int = 200) -> list[Figure]:
    """Return microseconds a week both ways, their ratio, and what one call of each agent rule costs."""
    model = SupplyChain(scenario, rng=7)
    model.run(model.weeks // 2)
    firms = model.agents_by_type[Intermediary]

    def through_mesa() -> None:
        firms.select(lambda firm: firm.active).do(decide)

    def calls(first: int, last: int) -> None:
        for _ in range(batch):
            run(model.world, model.week, model.week + 1, first, last)

    calls(ASKS, ASKS)
    assert_agreement(model)
    through_mesa()
    mesa, kernel = [], []
    for _ in range(repeats):
        mesa.append(1e6 * seconds(through_mesa))
        empty = seconds(lambda: calls(1, 0))
        kernel.append(1e6 * (seconds(lambda: calls(ASKS, ASKS)) - empty) / batch)
    rules = {"quote": lambda agent: agent.quote(), "takes_part": lambda agent: agent.takes_part()}
    active = firms.select(lambda firm: firm.active)
    by_rule = [_per_call(f"Intermediary.{name}", active, rule, repeats) for name, rule in rules.items()]
    others = (
        (Buyer, "seller_weights", lambda agent: agent.seller_weights()),
        (EndUser, "wants", lambda agent: agent.wants()),
        (Distributor, "price", lambda agent: agent.price(0)),
    )
    for kind, name, rule in others:
        by_rule.append(_per_call(f"{kind.__name__}.{name}", model.agents_by_type[kind], rule, repeats))
    return [
        Figure("active intermediaries", float(len(active)), "firms"),
        figure("asks through Mesa, a week", mesa, "us"),
        figure("asks in the kernel, a week", kernel, "us"),
        figure("Mesa over kernel", np.array(mesa) / np.array(kernel), "times"),
        *by_rule,
    ]


def assert_agreement(model: SupplyChain) -> None:
    """Raise AssertionError unless agents and kernel quote the same prices."""
    asked = model.world.intermediaries["ask"]
    for firm in model.agents_by_type[Intermediary].select(lambda firm: firm.active):
        quoted = [firm.quote(generation) for generation in range(GENERATIONS)]
        if quoted != asked[firm.row].tolist():
            raise AssertionError(f"firm {firm.key} quotes {quoted}; the kernel asks {asked[firm.row]}")


def _per_call(name, agents, rule, repeats) -> Figure:
    times = [1e6 * seconds(lambda: agents.do(rule)) / len(agents) for _ in range(repeats)]
    return figure(f"one call of {name}", times, "us")
