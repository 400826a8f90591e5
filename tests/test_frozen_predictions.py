"""Predictions that were written down: read as they were frozen, scored without a run, and refused once touched."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from supplysim.errors import InputError
from supplysim.validation.scoring.asking import score_frozen
from supplysim.validation.scoring.frozen import Predicted, read, write

YEAR = date(2027, 1, 1), date(2027, 12, 31)
HEAD = "quantity,class,route,channel,first_day,last_day,unit,value,low,high,source\n"


@pytest.fixture
def frozen(tmp_path) -> Path:
    file = tmp_path / "predictions.csv"
    draws = np.arange(1_000.0)[::-1]
    write(
        [Predicted("delivered", "", "", "", *YEAR, draws), Predicted("price", "", "", "", *YEAR, draws / 500.0)], file
    )
    return file


def outcome(tmp_path, line: str) -> Path:
    file = tmp_path / "came.csv"
    file.write_text(HEAD + line)
    return file


def test_what_was_written_is_read_again_in_rising_order(frozen):
    rows = read(frozen)
    np.testing.assert_array_equal(rows["delivered", *YEAR].draws, np.arange(1_000.0))
    assert rows["mark_up", *YEAR].draws.max() == pytest.approx(999 / 500, rel=1e-4)


def test_it_is_scored_by_its_own_draws_and_runs_nothing(frozen, tmp_path, monkeypatch):
    monkeypatch.setattr("supplysim.run.run_arms", lambda *_, **__: pytest.fail("a world was run"))
    card = score_frozen(outcome(tmp_path, "delivered,,,,2027-01-01,2027-12-31,chips,500,,,somebody\n"), frozen)
    (row,) = card.rows
    ours = row.scored["this model"]
    assert (ours.low, ours.middle, ours.high) == pytest.approx((49.95, 499.5, 949.05))
    assert ours.crps == pytest.approx(1_000 / 12, rel=0.01)  # of a uniform distribution at its middle, width / 12
    assert card.is_prediction
    assert "as they were written down" in card.standing


def test_a_file_that_was_changed_is_refused(frozen):
    frozen.write_text(re.sub(r"\b499\b", "498", frozen.read_text(), count=1))
    with pytest.raises(InputError, match="it was changed after it was written"):
        read(frozen)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "seized,,,,2027-01-01,2027-12-31,chips,5,,,x\n",
            "seized, 2027, but it was not predicted; choose one of delivered, mark_up",
        ),
        (
            "delivered,,,,2027-01-01,2027-06-30,chips,5,,,x\n",
            "it was not predicted; choose one of 2027-01-01 to 2027-12-31",
        ),
    ],
)
def test_what_was_not_predicted_is_refused(frozen, tmp_path, line, told):
    with pytest.raises(InputError) as error:
        score_frozen(outcome(tmp_path, line), frozen)
    assert told in str(error.value)


def test_line_ends_of_another_system_change_no_hash(frozen):
    frozen.write_bytes(frozen.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read(frozen)) == 2
