"""Two studies side by side: the same policies in two worlds, or under two sets of assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.study import Study

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("delivered", "compute_h100e", "frontier_h100e")


@dataclass(frozen=True, eq=False)
class Beside:
    """What two studies say of the policies that both have; a table in a notebook.

    Attributes
    ----------
    studies : tuple of Study
    names : tuple of str
        What to call them in columns.
    measures : tuple of str
    """

    studies: tuple[Study, Study]
    names: tuple[str, str]
    measures: tuple[str, ...] = MEASURES

    @property
    def policies(self) -> list[str]:
        """Policies that both have, in the order of the first."""
        first, second = self.studies
        return [arm for arm in first.arms if arm in second.arms]

    def table(self) -> pd.DataFrame:
        """Return one row a policy and measure, over the window.

        Of each study: `level`, mean of the baseline; `change`, mean effect over mean baseline; `low` and `high`, ends
        of its 90 % interval (how far more worlds could move it); `pairs`. The column names begin with the study's.
        """
        import pandas as pd

        rows = []
        for arm in self.policies:
            for measure in self.measures:
                row: dict[str, object] = {"policy": arm, "measure": measure}
                for name, study in zip(self.names, self.studies, strict=True):
                    effect = study.effect(arm, measure)
                    row |= {
                        f"{name}: level": float(study.values("baseline", measure, study.window).mean()),
                        f"{name}: change": effect.relative,
                        f"{name}: low": effect.relative_low,
                        f"{name}: high": effect.relative_high,
                        f"{name}: pairs": study.pairs,
                    }
                rows.append(row)
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        """Return what stands side by side, in one line."""
        one, other = (f"{name}: {study.scenario.name}" for name, study in zip(self.names, self.studies, strict=True))
        return f"<{one} beside {other}, {self.studies[0].window}: {', '.join(self.policies)}>"

    def _repr_html_(self) -> str:
        """Return the table for notebooks, changes in percent."""
        table = self.table()
        shares = {name: "{:+.1%}" for name in table if name.rpartition(": ")[2] in ("change", "low", "high")}
        shown = table.copy()
        for name in shown:
            form = shares.get(name, "{:,.0f}" if name.endswith((": level", ": pairs")) else "{}")
            shown[name] = [form.format(value) for value in shown[name]]
        note = (
            f"Change of the mean over worlds in {self.studies[0].window}; low and high: 90 %, of the simulation alone."
        )
        return f"{shown.to_html(index=False)}<p>{note}</p>"


def beside(
    first: Study, second: Study, names: Sequence[str] = ("first", "second"), measures: Sequence[str] = MEASURES
) -> Beside:
    """Put two studies side by side.

    Raises
    ------
    InputError
        If they have different windows or no policy in common, or a measure is none.
    """
    for place, study in (("first", first), ("second", second)):
        arguments.one_of(Study, study, f"beside: {place}", "give what compare returns")
    if first.window_days != second.window_days:
        rule = f"the first study's window is {first.window_days}"
        raise InputError("beside: window", second.window_days, rule, "compare both over the same years")
    called = [
        arguments.one_of(str, name, "names", "write two texts") for name in arguments.items(names, "names", "two")
    ]
    if len(called) != 2 or len({*called}) != 2:
        raise InputError("names", names, "they are no two different names", 'write ("2024", "2027"), say')
    chosen = arguments.items(measures, "measures", 'write ["delivered"]')
    for measure in chosen:
        arguments.known(measure, set(first.measures) & set(second.measures), "measures", "measure of both")
    found = Beside((first, second), (called[0], called[1]), tuple(chosen))
    if not found.policies:
        raise InputError("beside", None, "they have no policy in common", "compare the same policies in both")
    return found
