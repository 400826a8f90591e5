"""The table that analyses of a decision read."""

import numpy as np
import pandas as pd
import pytest

import supplysim as ss
from benchmarks.choices import made
from supplysim.decision.choices import choices_of
from supplysim.errors import InputError
from supplysim.setup.scenario import Scenario
from tests.chance import TOML
from tests.stand_in import Less, simulate
from tests.test_bills import CARD

CHANCE = Scenario.from_text(TOML, "chance.toml").with_(policies=[])


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    arms = [Less(), Less(share=0.2)]
    folder = tmp_path_factory.mktemp("store")
    return ss.compare(CHANCE, arms, 32, simulate=simulate, workers=1, store=folder)


def test_a_study_gives_its_own_values_draws_and_states(study):
    found = choices_of(study)
    assert found.names == ("as it stands", *study.arms)
    for column, arm in enumerate(["baseline", *study.arms]):
        np.testing.assert_array_equal(found.of("chips")[:, column], study.values(arm, "delivered", study.window))
    assert found.factors["demand_scale"].tolist() == [draw["demand_scale"] for draw in study.draws]
    assert {*found.states} == {state.name for state in study.states}
    for state in study.states:
        for value, chance in zip(state.names, state.probabilities, strict=True):
            share = found.weights[(found.states[state.name] == value).to_numpy()].sum()
            assert share == pytest.approx(chance, abs=1e-9)


def test_no_factor_is_constant_or_set_by_a_state(study):
    found = choices_of(study)
    assert found.factors.nunique().min() > 1
    assert not {name for state in study.states for one in state.values for name, _ in one.sets} & {*found.factors}


def test_other_probabilities_of_a_state_are_other_weights(study):
    state = study.states[0]
    first = state.names[0]
    found = choices_of(study.reweighted({state.name: {first: 0.9}}))
    assert found.weights[(found.states[state.name] == first).to_numpy()].sum() == pytest.approx(0.9)


def test_a_law_that_is_held_is_in_force_in_one_world_of_a_pair_and_not_in_the_other(tmp_path):
    (tmp_path / "card.toml").write_text(CARD)
    arms = [str(tmp_path / "card.toml"), "whistleblower"]
    study = ss.compare("minimal", arms, 4, workers=1, replicates=0, store=tmp_path / "store")
    found, name = choices_of(study), next(iter(study.arms))
    passed = (found.states["law-card"] == "passed").to_numpy()
    assert found.worlds == 8
    assert found.weights[passed].sum() == pytest.approx(0.25)
    assert found.pair[passed].tolist() == found.pair[~passed].tolist()
    chips, place = found.of("chips"), found.names.index(name)
    np.testing.assert_array_equal(chips[passed, place], study.values(name, "delivered", study.window))
    np.testing.assert_array_equal(chips[~passed, place], chips[~passed, 0])
    np.testing.assert_array_equal(chips[~passed, 2], chips[passed, 2])
    effect = chips @ np.eye(3)[place] - chips[:, 0]
    assert found.weights @ effect == pytest.approx(0.25 * study.effect(name).mean)
    single = found.by_pair()
    assert single.worlds == 4
    assert [*single.states] == []
    np.testing.assert_allclose(single.means("chips"), found.means("chips"))


def test_an_option_cannot_hang_on_the_settings_of_levers_that_it_has_not(study):
    found = choices_of(study)
    assert found.deaf(["border.growth"]).tolist() == [True, True, True]
    assert not found.deaf(["demand_scale"]).any()
    assert not found.deaf(["border.growth", "demand_scale"]).any()
    assert not made([[1.0, 2.0]]).deaf(["border.growth"]).any()  # of unknown levers nothing is said


def test_worlds_may_be_chosen(study):
    found = choices_of(study)
    masks = found.parts()
    name = next(iter(masks))
    here = found.where(masks[name])
    assert here.worlds == masks[name].sum()
    assert here.weights.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(here.of("chips"), found.of("chips")[masks[name]])
    assert here.states[name.partition("=")[0]].nunique() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": [0.5, 0.6]}, "add up to 1"),
        ({"weights": [-0.5, 1.5]}, "no weights"),
        ({"factors": pd.DataFrame({"a": [1.0]})}, "one row a world"),
        ({"values": [[1.0, np.nan], [1.0, 2.0]]}, "not known"),
        ({"values": [[1.0], [1.0]]}, "two at least"),
    ],
)
def test_tables_that_do_not_fit_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        made(**{"values": [[1.0, 2.0], [1.0, 2.0]]} | change)


def test_an_unknown_objective_is_named_with_the_known():
    with pytest.raises(InputError, match="chips"):
        made([[1.0, 2.0]]).of("chip")
