"""Parameters of pairs that somebody else has drawn: a design of SALib, of the EMA Workbench, or one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.state_draws import with_values
from supplysim.limits import MOST_PAIRS
from supplysim.setup import schema

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

GIVEN = "given"  # where such parameters come from, beside the modes of `design.MODES`
FORM = 'write a DataFrame, {"fte": [10, 20]}, or a list of {"fte": 10}: one row a pair, one column a parameter'


def given_draws(given: Any, scenario: Scenario, place: str = "draws") -> list[dict[str, float]]:
    """Return the parameters of each pair, checked; what a row does not name has the scenario's central value.

    Parameters
    ----------
    given : DataFrame, mapping of str to sequence, or iterable of mapping
        One row a pair. Columns are parameters, and states of the scenario, whose values are text; a state that is no
        column has its most probable value.
    scenario : Scenario
        Names the states.

    Raises
    ------
    InputError
        For no row, an unknown or repeated name, rows of different names, and a value that is no number or outside
        its range.
    """
    rows = _rows(given, place)
    if not rows:
        raise InputError(place, None, "has no row", FORM)
    if len(rows) > MOST_PAIRS:
        raise InputError(place, None, f"has {len(rows):,} rows", f"give at most {MOST_PAIRS:,}")
    states = {state.name: state.names for state in scenario.states}
    found = []
    for number, row in enumerate(rows):
        at = f"{place}[{number}]"
        if row.keys() != rows[0].keys():
            raise InputError(at, None, "names other parameters than the first row", "give every row the same")
        values = {
            name: arguments.known(row[name], states[name], f"{at}.{name}", "value") for name in row if name in states
        }
        numbers = schema.numbers({name: value for name, value in row.items() if name not in states}, at)
        found.append(with_values(numbers, scenario.states, values))
    return found


def _rows(given: Any, place: str) -> list[Mapping[str, Any]]:
    """Return a table as rows."""
    if hasattr(given, "columns") and hasattr(given, "to_dict"):  # a DataFrame
        if not given.columns.is_unique:
            raise InputError(place, None, "two columns have the same name", "keep one")
        return given.to_dict("records")
    if isinstance(given, Mapping):
        columns = {name: arguments.items(column, f"{place}.{name}", FORM) for name, column in given.items()}
        if len({len(column) for column in columns.values()}) > 1:
            raise InputError(place, None, "its columns are of different lengths", FORM)
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows = arguments.items(given, place, FORM)
    return [arguments.table(row, f"{place}[{number}]", FORM) for number, row in enumerate(rows)]
