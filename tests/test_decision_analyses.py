"""All analyses of a choice together: the same again, JSON that holds, sentences, figures."""

import json
import sys
from html import escape

import numpy as np
import pandas as pd
import pytest

from supplysim.decision import smooth, words
from supplysim.decision.choices import Choices
from supplysim.decision.figures import CAPTIONS, pictures
from supplysim.decision.findings import HEADINGS, find
from supplysim.decision.section import section, tables
from supplysim.errors import InputError
from supplysim.report.html import svg


@pytest.fixture(scope="module")
def choices():
    """Return choices of three options in 96 worlds that hang on one factor and one state, on two objectives."""
    rng = np.random.default_rng(2)
    factors = pd.DataFrame(
        {"border.growth": rng.random(96), "wtp": 1.0 + rng.random(96), "named": rng.random(96), "entry": rng.random(96)}
    )
    states = pd.DataFrame({"beijing": np.where(rng.random(96) < 0.4, "open", "shut")})
    level = 1e5 * (1.0 + rng.random(96))
    border = level * (0.9 - 0.3 * factors["border.growth"])
    other = level * np.where(states["beijing"] == "open", 0.6, 0.85) * (1.0 + 0.02 * rng.normal(size=96))
    chips = np.column_stack([level, border, other])
    burden = np.column_stack([np.full(96, 1e9), np.full(96, 3e9), np.full(96, 2e9)])
    return Choices(
        ("as it stands", "border", "due_diligence"),
        {"chips": chips, "burden": burden},
        factors,
        states,
        np.full(96, 1 / 96),
    )


@pytest.fixture(scope="module")
def found(choices):
    return find(choices, worth=25_000.0)


def test_the_same_choices_give_the_same_document(choices, found):
    assert json.dumps(find(choices, worth=25_000.0).document()) == json.dumps(found.document())


def test_the_document_is_json_and_names_what_decides(found):
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert document["favourite"] == found.favourite == "due_diligence"
    assert {*document} == {"favourite", "robustness", "parts", "flips", "tree", "box", "information"}
    (flip,) = document["flips"]["flips"]
    assert flip["factor"] == "border.growth"
    assert (flip["side"], flip["above"]) == ("above", "border")
    assert {"titles", "links", "assumed"} == {*document["information"]["factors"][0]["sources"]}
    assert {one["name"] for one in document["information"]["factors"] if one["clear"]} == {"border.growth", "beijing"}


def test_every_section_says_something(found):
    sections = found.sections()
    assert [*sections] == [*HEADINGS.values()]
    assert all(sections.values())
    every = found.sentences()
    assert all(line[-1] == "." and "nan" not in line and "\n" not in line for line in every)
    assert any(line.startswith("Where beijing is shut") and "border leaves less" in line for line in every)
    assert any("$" in line for line in every)


def test_the_objective_may_be_another(choices):
    found = find(choices, "burden")
    assert found.favourite == "as it stands"
    assert found.sentences()[0].startswith("No option lowers the burden")
    assert any("On chips delivered the best is due_diligence" in line for line in found.sentences())
    with pytest.raises(InputError, match="objective"):
        find(choices, "compute")


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": "a"}, {"target": 1.5}, {"target": "a"}, {"objective": 3}])
def test_what_is_wrong_is_refused_in_one_line(choices, wrong):
    with pytest.raises(InputError, match=next(iter(wrong))) as caught:
        find(choices, **wrong)
    assert str(caught.value).isprintable()


def test_the_figures_are_drawn_with_their_claims_and_captions(found):
    drawn = pictures(found)
    assert [*drawn] == [*CAPTIONS]
    texts = {name: svg(figure) for name, figure in drawn.items()}
    assert "due diligence has the least regret" in texts["regret"]
    assert "border is better above" in texts["flip"]
    assert "added inspections" in texts["information"]
    assert texts["flip"] == svg(pictures(found)["flip"])


def test_the_section_has_every_sentence_table_and_figure(found):
    page = section(found)
    assert all(escape(line) in page for line in found.sentences())
    assert page.count("<figure>") == 3
    made = tables(found)
    assert all(escape(name) in page for name in made)
    assert page.count("<tr>") == sum(1 + len(rows) for _, rows in made.values()) + page.count("<summary>")
    assert [row[0] for row in made["Options"][1]] == ["as it stands", "border", "due_diligence"]
    assert all(len(row) == len(heads) for heads, rows in made.values() for row in rows)
    assert made["What changes the choice"][1][0][3:5] == ("due_diligence", "border")
    heads, rows = made["In what share of worlds one beats the other"]
    assert heads[1:] == tuple(row[0] for row in rows)
    assert [row[place] for place, row in enumerate(rows, start=1)] == ["–"] * 3


def test_few_worlds_give_findings_that_say_what_they_take(choices):
    few = find(choices.where(np.arange(96) < 20))
    json.dumps(few.document(), allow_nan=False)
    assert sum("worlds or more" in line for line in few.sentences()) == 3
    assert [*pictures(few)] == ["regret"]


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("border_exposure", (0.3,), "30 %"),
        ("audit_capacity", (0.346,), "0.35 a week"),
        ("border.annual_cost", (1e6, 2.5e6), "$1 M to $2.5 M a year"),
        ("demand_scale", (0.5, 2.0), "0.5 to 2 times"),
        ("audit_sensitivity", (1.234,), "1.2 d'"),
        ("somebody's own", (3.21,), "3.2"),
    ],
)
def test_a_value_is_told_in_its_unit(name, values, said):
    assert words.amount(name, *values) == said


@pytest.mark.parametrize(
    ("value", "said"), [(346.2, "350"), (0.01234, "0.012"), (2.14e6, "2.1 million"), (-4.2e9, "−4.2 billion"), (0, "0")]
)
def test_two_digits_count(value, said):
    assert words.two(value) == said


@pytest.mark.parametrize("module", ["sklearn.preprocessing", "sklearn.tree"])
def test_without_scikit_learn_it_says_what_to_install(choices, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    smooth._transformer.cache_clear()
    with pytest.raises(InputError, match=r"supplysim\[decide\]"):
        find(choices)
