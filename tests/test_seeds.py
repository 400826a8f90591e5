"""A pair's seed is a hash of the comparison's seed and the pair: neighbouring comparisons share nothing."""

import json

import pytest

from supplysim.errors import InputError
from supplysim.experiment.design import parameter_draws
from supplysim.run import pair_seed, points_of
from supplysim.setup.scenario import Scenario

PAIRS = 64


def test_neighbouring_seeds_share_no_world():
    seeds = [[point.seed for point in points_of([{}] * PAIRS, seed)] for seed in range(7, 11)]
    every = [seed for comparison in seeds for seed in comparison]
    assert len(set(every)) == len(every)


def test_neighbouring_seeds_share_no_parameter_point():
    scenario = Scenario.load("baseline-2024")
    points = [parameter_draws(scenario, "prior", 8, seed) for seed in (7, 8)]
    for name in points[0][0]:
        mine, other = ({draw[name] for draw in draws} for draws in points)
        assert len(mine) == 1 or not mine & other - {0.0}, name  # fronts_at_start has a lump at 0


def test_a_pair_has_its_seed_however_many_are_run():
    few, many = points_of([{}] * 2, 7), points_of([{}] * PAIRS, 7)
    assert [point.seed for point in few] == [point.seed for point in many[:2]]


@pytest.mark.parametrize("seed", [0, 7, 2**62])
def test_seeds_survive_json(seed):
    for pair in range(PAIRS):
        assert float(pair_seed(seed, pair)) == pair_seed(seed, pair) < 2**53


@pytest.mark.parametrize("text", ["7", "7:", ":12", "7:-1", "7:12:3", "seven:1", "7:9999999"])
def test_what_is_no_pair_is_refused_in_one_line(text):
    from supplysim.cli.run import run_command

    with pytest.raises(InputError, match="--pair"):
        run_command("minimal", policies=[], seed=7, out=None, as_json=True, pair=text)


def test_a_world_of_a_comparison_can_be_run_alone(capsys):
    from supplysim import compare
    from supplysim.cli.run import run_command

    comparison = compare("minimal", ["border"], 3, seed=7, workers=1)
    run_command("minimal", policies=["border"], seed=1, out=None, as_json=True, pair="7:2")
    alone = json.loads(capsys.readouterr().out)
    (kept,) = (run for pair in comparison.runs for run in pair if run.pair == 2 and run.arm == "border")
    assert alone["seed"] == kept.seed
    assert [alone["years"][str(year)]["delivered"] for year in kept.years] == list(kept.yearly["delivered"])
