"""The command line: what it prints, what it writes, and how it refuses."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from supplysim.cli import ONE_THREAD
from supplysim.policies.base import Policy

GOOD = 'name = "mine"\nextends = "minimal"\n'


class Border(Policy):
    lever, title, group = "border", "Open more consignments", "border"
    mechanism, response, unknown = "opened goods are seen", "other routes", "how far traders adapt"
    payer, burden, sources, ramp_weeks = "customs", "delay", ("P:M09", "assumption"), 26


class World:
    """A model whose numbers are known: the command line is tested, not the simulation."""

    def __init__(self, scenario, policies=(), seed=7, parameters=None):
        self.scenario, self.policies, self.rng = scenario, policies, seed

    def run(self):
        if self.rng == 130:
            raise KeyboardInterrupt

    years = {
        2023: {"delivered": 1000.0, "seized": 0.0, "interdiction_rate": float("nan")},
        2024: {"delivered": 123456.0, "seized": 2.5, "interdiction_rate": 0.02},
    }
    ways = {
        (2024, "smuggled"): {"price": 37075.1, "source": "model"},
        (2024, "domestic"): {"price": float("nan"), "source": "none known"},
    }
    seen = {(2023, "seized"): {"truth": 40.0, "public": 0.0}, (2024, "seized"): {"truth": 60.0, "public": 35.0}}

    def summary(self):
        return self.years, self.ways, self.seen

    def access(self):
        table = pd.DataFrame(list(self.ways.values()), index=pd.MultiIndex.from_tuples(self.ways))
        return table.rename_axis(["year", "channel"])

    def weekly(self):
        return pd.DataFrame({"delivered": [1, 2]})

    orders = shipments = leads = cases = public_record = weekly


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    measures = {name: SimpleNamespace(name=name, unit="share", meaning="stand-in") for name in World.years[2023]}
    measures["delivered"] = SimpleNamespace(
        name="delivered",
        unit="chips",
        meaning="diverted chips that arrived",
        made=SimpleNamespace(in_words="years are added up"),
    )
    monkeypatch.setitem(sys.modules, "supplysim.engine", SimpleNamespace(Engine=World))
    monkeypatch.setitem(sys.modules, "supplysim.outputs.measures", SimpleNamespace(MEASURES=measures))
    columns = {"price": ("US$/H100e", "paid by the buyer"), "source": ("", "where from")}
    monkeypatch.setitem(sys.modules, "supplysim.outputs.access", SimpleNamespace(COLUMNS=columns))
    line = SimpleNamespace(truth="seized", public="seizures_published", unit="chips")
    monkeypatch.setitem(sys.modules, "supplysim.outputs.observation", SimpleNamespace(LINES=(line,)))
    for record in ("orders", "shipments", "cases"):  # in words, which this model's records are already
        monkeypatch.setattr(f"supplysim.experiment.readable.{record}", lambda model: model.weekly(), raising=False)
    for module in ("supplysim.policies", "supplysim.policies.text"):
        monkeypatch.setattr(f"{module}.levers", lambda: {"border": Border})


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("scenarios", "minimal                          Sixty firms, two years"),
        ("policies", "border  Open more consignments"),
        ("measures", "delivered          diverted chips that arrived (chips)"),
    ],
)
def test_list_gives_names_with_one_line_each(ask, kind, line):
    status, output, errors = ask("list", kind)
    assert (status, errors) == (0, "")
    assert line in map(str.rstrip, output.splitlines())
    assert json.loads(ask("list", kind, "--json")[1]).keys() == {kind}


def test_list_of_everything_counts_the_parameters_only(ask):
    output = ask("list")[1]
    assert "scenarios:" in output
    assert "severity_exponent" not in output
    assert "severity_exponent" in ask("list", "parameters")[1]
    assert ask("list", "lessons")[0] == 0


@pytest.mark.parametrize(
    ("name", "kind", "part"),
    [
        ("minimal", "scenario", "Sixty firms"),
        ("border", "policy", "how far traders adapt"),
        ("investigators", "parameter", "lognormal(20, 0.35)"),
        ("fte", "parameter", "Investigators on AI chips"),
        ("delivered", "measure", "diverted chips that arrived"),
        ("Q031", "evidence", "CNAS"),
        ("P:W01", "evidence", "Award share"),
        ("case:C02", "evidence", "Hong Kong"),
    ],
)
def test_show_finds_every_kind_of_name(ask, name, kind, part):
    status, output, _ = ask("show", name)
    assert status == 0
    assert kind in output
    facts = json.loads(ask("show", name, "--json")[1])
    assert facts["kind"] == kind
    assert part in json.dumps(facts)


def test_show_reads_a_scenario_file(ask, tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD + '[[policies]]\nlever = "border"\n[parameters]\nfte = 3')
    facts = json.loads(ask("show", tmp_path / "mine.toml", "--json")[1])
    assert (facts["name"], facts["policies"]) == ("mine", ["border"])
    assert facts["parameters_changed"]["investigators"] == 3.0


def test_run_prints_years_and_a_reading(ask):
    status, output, errors = ask("run", "minimal", "-p", "border=0.5")
    assert (status, errors) == (0, "")
    assert "123,456" in output
    told = "In 2024 (1 Jan 2024 to 29 Dec 2024) 123,456 diverted chips reached China, 2 were seized (2.0% of both)."
    assert told in output


def test_run_shows_access_in_the_last_year_and_the_public_record_beside_the_truth(ask):
    output = ask("run", "minimal")[1]
    lines = output.splitlines()
    shown = {words[0]: words[1:] for words in map(str.split, lines) if words}  # the last line of a name counts
    assert "Access to compute, 1 Jan 2024 to 29 Dec 2024" in " ".join(output.split())  # a title wraps with its table
    assert shown["price"] == ["US$/H100e", "37,075", "-"]
    assert shown["seized"] == ["chips", "40", "0", "60", "35"]


def test_large_numbers_are_shown_in_millions(ask, monkeypatch):
    monkeypatch.setattr(World, "seen", {(2024, "seized"): {"truth": 1_234_567_890.0, "public": 9_999_999.0}})
    output = ask("run", "minimal")[1]
    assert "1,234.6M  9,999,999" in output


def test_run_as_json_has_null_for_what_was_not_measured(ask):
    answer = json.loads(ask("run", "minimal", "-p", "border", "--seed", 3, "--json")[1])
    assert (answer["scenario"], answer["seed"], answer["policies"]) == ("minimal", 3, ["border"])
    assert answer["years"]["2023"] == {"delivered": 1000.0, "seized": 0.0, "interdiction_rate": None}
    assert answer["access"]["2024"]["domestic"] == {"price": None, "source": "none known"}
    assert answer["public_record"]["2024"] == {"seized": {"truth": 60.0, "public": 35.0}}


def test_run_writes_every_record(ask, tmp_path, monkeypatch):
    from supplysim.experiment import readable

    for record in ("orders", "shipments", "leads", "cases"):  # the stand-in has no rows to be put in words
        monkeypatch.delattr(readable, record)
    status, output, _ = ask("run", "minimal", "--out", tmp_path / "new" / "folder")
    assert status == 0
    written = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    records = ("orders", "shipments", "leads", "cases", "weekly", "public_record")
    assert written == {*(f"{name}.parquet" for name in records), "access.csv"}
    assert (tmp_path / "new" / "folder" / "access.csv").read_text().startswith("year,channel,price,source\n")
    assert pd.read_parquet(tmp_path / "new" / "folder" / "weekly.parquet")["delivered"].sum() == 3


def test_compare_and_validate_hand_on_what_was_typed_and_return_the_status(ask, monkeypatch):
    asked = {}

    def command(**words):
        asked.update(words)
        return 1

    monkeypatch.setitem(sys.modules, "supplysim.cli.compare", SimpleNamespace(compare_command=command))
    monkeypatch.setitem(sys.modules, "supplysim.cli.validate", SimpleNamespace(validate_command=command))
    assert ask("compare", "minimal", "-p", "border", "-p", "border=0.5", "--pairs", 2, "--rule", "habit")[0] == 1
    assert (asked["scenario"], asked["policies"], asked["pairs"]) == ("minimal", ["border", "border=0.5"], 2)
    assert (asked["rule"], asked["parameters"], asked["workers"], asked["as_json"]) == ("habit", "prior", None, False)
    assert ask("validate", "--draws", 5, "--json")[0] == 1
    assert (asked["draws"], asked["as_json"]) == (5, True)


@pytest.mark.parametrize("verb", ["list", "show", "run", "compare", "validate"])
def test_every_verb_has_help_with_an_example_and_json(ask, verb):
    status, output, _ = ask(verb, "--help")
    assert status == 0
    assert f"Example: supplysim {verb}" in output
    assert "--json" in output


def test_no_words_give_help_and_the_version_is_told(ask):
    assert "Commands" in ask()[1]
    assert ask("--version")[1].startswith("supplysim ")


def test_an_interrupted_run_ends_with_130(ask):
    assert ask("run", "minimal", "--seed", 130)[0] == 130


WRONG_FILES = {
    "unknown key": (GOOD + "[rules]\ndecison = 'habit'", "did you mean 'decision'?"),
    "wrong type": (GOOD + "[population]\nbuyers = 'many'", "population.buyers = many"),
    "impossible date": (GOOD + "[time]\nend = 2024-02-30", "is not valid TOML"),
    "out of range": (GOOD + "[parameters]\nfte = -3", "its range is 0 to 2000"),
    "cyclic extends": ('name = "mine"\nextends = "mine.toml"', "that makes a circle"),
    "missing parent": ('name = "mine"\nextends = "parent.toml"', "there is no such scenario or file"),
    "missing graph": (GOOD + "[network]\ngraph = 'none.graphml'", "there is no such file"),
    "broken graph": (GOOD + "[network]\ngraph = 'mine.toml'", "network"),
    "binary noise": ("\udcff\udc9d\x00", "is not text in UTF-8"),
}


def refuses(answer, part):
    status, output, errors = answer
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors
    assert part in errors


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_wrong_file_is_refused_in_one_line_and_nothing_is_written(ask, tmp_path, monkeypatch, case):
    def check_graph(*paths):
        raise ValueError("not GraphML")

    monkeypatch.setitem(sys.modules, "supplysim.network.graph_check", SimpleNamespace(check_graph=check_graph))
    text, part = WRONG_FILES[case]
    (tmp_path / "mine.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    refuses(ask("run", tmp_path / "mine.toml", "--out", tmp_path / "out"), part)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["run", "no-such-scenario"], "there is no such scenario or file"),
        (["run", "."], "it is a folder"),
        (["run", "minimal", "-p", "bordr"], "did you mean 'border'?"),
        (["run", "minimal", "-p", "border=2"], "between 0 and 1"),
        (["run", "minimal", "-p", "border@2031-01"], "choose an earlier start"),
        (["run", "minimal", "-p", "border+border=0.5"], "stands there twice"),
        (["run", "minimal", "--out", __file__], "is a file; name a folder"),
        (["run", "minimal", "--seed", "-1"], "--seed"),
        (["run", "minimal", "--sed", "1"], "--seed"),
        (["run"], "SCENARIO"),
        (["rum", "minimal"], "run"),
        (["list", "polices"], "policies"),
        (["show", "investigator"], "did you mean 'investigators'?"),
        (["compare", "minimal", "--pairs", "0"], "--pairs"),
        (["compare", "minimal", "--parameters", "guess"], "central"),
    ],
)
def test_wrong_words_are_refused_in_one_line(ask, words, part):
    refuses(ask(*words), part)


def test_list_stays_light():
    program = (
        "import sys; from supplysim.cli import main; assert main(['list', 'policies']) == 0; "
        "assert not {'numba', 'mesa', 'pandas', 'matplotlib', 'scipy', 'networkx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL, timeout=1200)


@pytest.mark.parametrize(("told", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_a_command_reckons_with_one_thread_unless_told_otherwise(told, threads):
    program = """if True:
        from supplysim.cli import main
        assert main(["list", "policies"]) == 0
        import numpy, threadpoolctl
        (library,) = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
        assert library["num_threads"] == int(sys.argv[1]), library
    """
    asked = {name: value for name, value in os.environ.items() if name not in ONE_THREAD} | told
    command = [sys.executable, "-c", f"import sys\n{program}", str(threads)]
    subprocess.run(command, env=asked, check=True, stdout=subprocess.DEVNULL, timeout=1200)
