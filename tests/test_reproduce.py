"""A comparison is run again from its provenance alone, elsewhere, and says whether the numbers are the same."""

import json
import shutil

import networkx as nx
import pytest

import supplysim as ss
from supplysim.cli import main
from supplysim.errors import InputError
from supplysim.experiment.asked import QUESTION, SEAL, asked, question_of, sealed
from supplysim.experiment.compare import ask as question
from supplysim.experiment.study import Study
from supplysim.report.reproduced import DIGEST, SAME, digest

WORLD = """
name = "mine"
extends = "minimal"
title = "A world of mine"

[parameters]
patience = 6

[[states]]
name = "law"
values = [{ name = "passed", probability = 0.4, set = { access = 0.3 } }, { name = "open", probability = 0.6 }]

[[states]]
name = "rule"
values = [{ name = "kept", probability = 0.5 }, { name = "dropped", probability = 0.5 }]

[[policies]]
lever = "border"
intensity = 0.25
start = 2024-03-04
when = "law:passed"
"""
MINE = '[investigators]\nrange = [30, 80]\nsource = "a plan"\nwhy = "they hired"\n'
PACKAGE = "border=0.5@2024-02+border=0.8@2024-06..2024-10+due_diligence[rule:kept]"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a comparison whose scenario and beliefs are gone."""
    folder = tmp_path_factory.mktemp("made")
    world, mine, out = folder / "mine.toml", folder / "beliefs.toml", folder / "out"
    world.write_text(WORLD)
    mine.write_text(MINE)
    words = ["compare", world, "-p", PACKAGE, "-p", "whistleblower(award_share=0.3)", "--pairs", 16, "--seed", 3]
    words += ["--set", "attention_years=2", "--state", "rule=kept", "--state-probability", "law:passed=0.1"]
    words += ["--rule", "habit", "--replicates", 2, "--given", "chips_2024=0..", "--beliefs", mine]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUPPLYSIM_CACHE", str(folder / "cache"))
        assert main([*map(str, words), "--workers", "1", "--json", "--out", str(out)]) == 0
    world.unlink()
    mine.unlink()
    return folder


@pytest.fixture
def provenance(made, tmp_path):
    """Return a copy of the provenance by itself, elsewhere."""
    return shutil.copy(made / "out" / "provenance.json", tmp_path / "provenance.json")


def test_the_same_numbers_in_another_folder_from_that_file_alone(made, provenance, tmp_path, ask, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / "another cache"))
    status, out, err = ask("reproduce", provenance, "--workers", 1, "--out", tmp_path / "again")
    assert (status, err) == (0, "")
    assert SAME in out
    for name in ("comparison.csv", "ledger.csv", "states.csv", "ranking.csv", "beliefs.csv", "variance.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (made / "out" / name).read_bytes(), name
    first, second = (
        json.loads((folder / "provenance.json").read_text()) for folder in (made / "out", tmp_path / "again")
    )
    assert first["scenario"]["hash"] == second["scenario"]["hash"]
    assert first[QUESTION] == second[QUESTION]


def test_provenance_holds_the_question_in_full(made):
    document = json.loads((made / "out" / "provenance.json").read_text())
    said = document[QUESTION]
    assert 'name = "mine"' in said["scenario_toml"]
    assert "attention_years = 2" in said["scenario_toml"]
    assert "patience = 6" in said["scenario_toml"]
    entries = said["policies"][PACKAGE]
    assert [entry["start"] for entry in entries[:2]] == ["2024-02-01", "2024-06-01"]
    assert entries[0]["beside"][0]["end"] == "2024-10-01"
    assert entries[2]["when"] == "rule:kept"
    assert said["beliefs"]["investigators"]["range"] == [30, 80]
    assert said["given"] == ["chips_2024=0.."]
    assert said["state_probabilities"] == {"law": {"passed": 0.1}}
    assert (said["pairs"], said["seed"], said["replicates"], said["rule"]) == (16, 3, 2, "habit")


def test_what_differs_is_named_with_why(made, tmp_path, ask, monkeypatch):
    """Another edition and another version are told of; the earlier table says which rows differ."""
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(made / "cache"))
    document = json.loads((made / "out" / "provenance.json").read_text())
    lines = (made / "out" / "comparison.csv").read_text().splitlines()
    head, row = lines[0].split(","), lines[1].split(",")
    row[head.index("pairs")] = "17"
    table = "\n".join([lines[0], ",".join(row), *lines[3:]]) + "\n"
    document |= {"edition": "another-12345678", DIGEST: digest(table)}
    document["versions"]["numpy"] = "0.1"
    (tmp_path / "provenance.json").write_text(json.dumps(sealed(document)))
    status, out, _ = ask("reproduce", tmp_path / "provenance.json", "--workers", 1)
    assert status == 1
    assert "Which rows differ cannot be told" in out
    (tmp_path / "comparison.csv").write_text(table)
    status, out, _ = ask("reproduce", tmp_path / "provenance.json", "--workers", 1)
    assert status == 1
    assert "2 rows of comparison.csv differ" in out
    assert "pairs 17 is now" in out
    assert "not there before" in out
    assert "made by another edition of the rules (another-12345678" in out
    assert "numpy 0.1 then" in out
    status, out, _ = ask("reproduce", tmp_path / "provenance.json", "--workers", 1, "--json")
    assert (status, json.loads(out)["same"]) == (1, False)


def _broken(name, document):
    text = json.dumps(document)
    said = document[QUESTION]
    return {
        "cut off": text[:-20],
        "not JSON": "pairs = 3",
        "not text": b"\xff\xfe\x00\x01",
        "a list": "[1, 2]",
        "another JSON": '{"pairs": 3}',
        "of an earlier version": json.dumps({k: v for k, v in document.items() if k not in (SEAL, QUESTION)}),
        "edited": json.dumps(document | {QUESTION: said | {"pairs": 17}}),
        "deep": "[" * 100_000,
    }[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cut off", "not the JSON of a provenance"),
        ("not JSON", "not the JSON of a provenance"),
        ("not text", "not the JSON of a provenance"),
        ("a list", "no provenance of a comparison"),
        ("another JSON", "no provenance of a comparison"),
        ("of an earlier version", "does not hold what was asked"),
        ("edited", "its seal does not fit"),
        ("deep", "not the JSON of a provenance"),
    ],
)
def test_a_file_that_is_none_is_one_message(made, tmp_path, ask, name, words):
    content = _broken(name, json.loads((made / "out" / "provenance.json").read_text()))
    path = tmp_path / "provenance.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = ask("reproduce", path, "--out", tmp_path / "again")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert not (tmp_path / "again").exists()


def test_a_missing_file_and_a_folder_are_one_message(tmp_path, ask):
    for path in (tmp_path, tmp_path / "none.json"):
        status, _, err = ask("reproduce", path)
        assert (status, err.count("\n")) == (2, 1)


def test_a_lever_that_is_not_installed_is_told(made, tmp_path):
    document = json.loads((made / "out" / "provenance.json").read_text())
    document[QUESTION]["policies"]["new"] = [{"lever": "of_another_package"}]
    (tmp_path / "provenance.json").write_text(json.dumps(sealed(document)))
    with pytest.raises(InputError, match="of_another_package"):
        ss.reproduce(tmp_path / "provenance.json", workers=1)


def test_trade_ties_from_files_go_with_it(tmp_path):
    graph = tmp_path / "ties.graphml"
    nx.write_graphml(ss.SupplyChain("minimal", rng=7).trade_graph(), graph)
    world = ss.Scenario.load("minimal").with_(network={"graph": str(graph)})
    ss.compare(world, ["border"], 2, workers=1, store=False, out=tmp_path / "out")
    graph.unlink()
    assert ss.reproduce(tmp_path / "out" / "provenance.json", workers=1, store=False).same


def test_a_bill_is_held_as_it_was(tmp_path):
    made = question("baseline-2027", ["chip-security-act", "border"], 2)
    study = Study(
        **{"scenario": made.worlds[0], "arms": dict(made.arms), "runs": [()] * 2, "draws": made.draws, "seed": 7},
        **{"parameters": "prior", "rule": None, "first_week": made.first_week, "wall_time": 0.0},
    )
    document = json.loads(json.dumps({QUESTION: question_of(study)}))
    again = asked(document, "provenance.json", tmp_path)
    second = question(again.scenario, again.policies, 2)
    assert second.arms == made.arms
    assert [state.held for state in second.worlds[0].states] == [state.held for state in made.worlds[0].states]
    assert any(state.held for state in second.worlds[0].states)
    assert [dict(draw) | draw.states for draw in second.draws] == [dict(draw) | draw.states for draw in made.draws]
    assert second.worlds[0].hash() == made.worlds[0].hash()
