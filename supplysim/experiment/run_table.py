"""Runs as rows of an Arrow table and back, to the bit: one row a run, one column a number or a list of years."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplysim.outputs.account import Account
from supplysim.outputs.quarters import kept
from supplysim.run import Run

if TYPE_CHECKING:
    import pyarrow as pa

YEARLY, ACCOUNT, PARAMETER = "yearly:", "account:", "parameter:"
QUARTERS = "quarters"  # one list a run: all quarters of `outputs.quarters.kept`, one after another
KEY = "seed, parameters, policy_hash, first_week"  # columns that make a run the same as another


class Key(NamedTuple):
    """What makes a run the same as another under the same rules in the same scenario."""

    parameters: str  # fingerprint of the parameter values
    policy: str  # fingerprint of the policies
    seed: int
    first_week: int  # of the window that the account sums up


class Entry(NamedTuple):
    """A run with its key and, for people who read the store, the policies in words."""

    key: Key
    policy: str
    run: Run


def to_table(entries: Sequence[Entry]) -> pa.Table:
    """Return entries as a table; what a run has by year is a list, what an account has by name is a column each."""
    import pyarrow as pa

    columns: dict[str, list[Any]] = {
        "policy": [entry.policy for entry in entries],
        "parameters": [entry.key.parameters for entry in entries],
        "policy_hash": [entry.key.policy for entry in entries],
        "seed": [entry.key.seed for entry in entries],
        "first_week": [entry.key.first_week for entry in entries],
        "years": [entry.run.years for entry in entries],
    }
    first = entries[0].run
    columns |= {YEARLY + name: [entry.run.yearly[name] for entry in entries] for name in first.yearly}
    for field in fields(Account):
        values = [getattr(entry.run.account, field.name) for entry in entries]
        if isinstance(values[0], dict):
            for name in values[0]:
                columns[f"{ACCOUNT}{field.name}:{name}"] = [value[name] for value in values]
        else:
            columns[ACCOUNT + field.name] = values
    table = pa.table({name: pa.array(values, _kind(values[0])) for name, values in columns.items()})
    drawn = dict.fromkeys(
        name for entry in entries for name in entry.run.parameters
    )  # a state may set more in one value
    for name in drawn:
        values = [entry.run.parameters.get(name) for entry in entries]
        table = table.append_column(PARAMETER + name, pa.array(values, pa.float64()))
    quarters = [entry.run.quarters.ravel() for entry in entries]
    return table.append_column(QUARTERS, pa.array(quarters, pa.list_(pa.float64())))


def to_runs(table: pa.Table) -> list[tuple[Key, Run]]:
    """Return the runs of a table with their keys; pair, arm and parameters are for the caller to name.

    Raises
    ------
    ValueError, KeyError, TypeError
        If its columns are not those that `to_table` writes, or something is missing in a row.
    """
    with _no_collection():
        return _runs(table)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Make hundreds of thousands of objects, none of them garbage, without looking for garbage: twice as fast."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _runs(table: pa.Table) -> list[tuple[Key, Run]]:
    told = {"policy", QUARTERS}
    empty = [name for name in table.column_names if table.column(name).null_count]
    if empty:
        raise ValueError(f"rows without {empty[0]}")
    columns = {name: _values(table.column(name)) for name in table.column_names if name not in told}
    measures = [name for name in columns if name.startswith(YEARLY)]
    names = [name.removeprefix(YEARLY) for name in measures]
    yearly = [columns[name] for name in measures]
    keys = map(Key, *(columns[name] for name in ("parameters", "policy_hash", "seed", "first_week")))
    accounts = [Account(**account) for account in _accounts(columns, table.num_rows)]
    return [
        (key, Run(-1, "", key.seed, {}, years, dict(zip(names, values, strict=True)), account, quarters))
        for key, years, account, quarters, *values in zip(
            keys, columns["years"], accounts, _quarters(table), *yearly, strict=True
        )
    ]


def _quarters(table: pa.Table) -> list[np.ndarray]:
    """Return the quarters of every run, each of shape (quarters, KEPT); of shape (0, 0) where they were not read."""
    if QUARTERS not in table.column_names or not table.num_rows:
        return [np.empty((0, 0))] * table.num_rows
    lists = table.column(QUARTERS).combine_chunks()
    ends, size = np.from_dlpack(lists.offsets), len(kept())
    return [part.reshape(-1, size) for part in np.split(_numbers(lists), ends[1:-1] - ends[0])]


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column as Python values; lists, all of one length, as tuples."""
    import pyarrow as pa

    if not pa.types.is_list(column.type):
        return column.to_pylist()
    lists = column.combine_chunks()
    return [*map(tuple, _numbers(lists).reshape(len(lists), -1).tolist())] if len(lists) else []


def _numbers(lists: pa.ListArray) -> np.ndarray:
    """Return the numbers of lists, one list after another; Arrow's own ways to NumPy load pandas."""
    return np.from_dlpack(lists.values[lists.offsets[0].as_py() : lists.offsets[-1].as_py()])


def _accounts(columns: dict[str, list[Any]], rows: int) -> list[dict[str, Any]]:
    accounts: list[dict[str, Any]] = [
        {field.name: {} for field in fields(Account) if str(field.type).startswith("dict")} for _ in range(rows)
    ]
    for column, values in columns.items():
        if column.startswith(ACCOUNT):
            field, _, name = column.removeprefix(ACCOUNT).partition(":")
            for account, value in zip(accounts, values, strict=True):
                if name:
                    account[field][name] = value
                else:
                    account[field] = value
    return accounts


def _kind(value: Any) -> pa.DataType:
    """Return the column type of a value; whole numbers stay whole."""
    import pyarrow as pa

    if isinstance(value, tuple):
        return pa.list_(_kind(value[0]))
    return {int: pa.int64(), float: pa.float64(), str: pa.string()}[type(value)]
