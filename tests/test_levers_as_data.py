"""Levers without code: read from TOML, checked, compared, sent to workers, and never taken for another constant."""

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from lever_worlds import BASE, MY, SG, conditions

import supplysim as ss
from supplysim.experiment.executors import Portable, portable
from supplysim.experiment.fingerprint import policies_hash
from supplysim.policies import registry
from supplysim.policies.movable import ALONG, movable, nameable, places
from supplysim.world import columns
from supplysim.world import conditions as declared

LEVER = """
[port_searches]
title = "Searches in two ports"
does = "Customs of two ports open more of the consignments that look like chips."
group = "border"
mechanism = "multiplies the share of consignments opened in Singapore and Malaysia"
response = "traders send chips by other countries"
unknown = "what officers can tell from a consignment before it is opened"
payer = "customs of both countries"
burden = "trade that looks like chips opened and delayed"
ramp_weeks = 26
scopes = ["countries"]
physical = { without = 2, full = 8, unit = "% opened" }

[port_searches.settings]
growth = { default = 4, low = 1, high = 20, unit = "multiple", meaning = "consignments opened against today" }

[[port_searches.shifts]]
condition = "border_exposure"
times = "growth"
only = ["SG", "MY"]

[[port_searches.costs]]
payer = "foreign state"
authority = "foreign state"
fixed = 2e6
variable = 6e6
"""


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    """Let no test leave a lever behind."""
    monkeypatch.setattr(registry, "_read", {})
    registry.levers.cache_clear()
    yield
    monkeypatch.undo()
    registry.levers.cache_clear()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my_levers.toml"
    path.write_text(LEVER)
    return path


def lever(file, text=LEVER):
    file.write_text(text)
    (kind,) = ss.policies.from_file(file).values()
    return kind


def test_it_shifts_what_it_says_where_it_says_and_grows_over_its_ramp(file):
    moved = conditions(lever(file)())
    usual = BASE.conditions["border_exposure"]
    ramp = BASE.ramp(BASE.policy_start, 26)
    for country in (SG, MY):
        np.testing.assert_allclose(moved["border_exposure"][:, country], usual[:, country] * (1 + 3 * ramp))
    others = [row for row in range(usual.shape[1]) if row not in (SG, MY)]
    assert np.array_equal(moved["border_exposure"][:, others], usual[:, others])
    same = [name for name in usual.dtype.names or moved.dtype.names if name not in ("border_exposure", "announcing")]
    assert all(np.array_equal(moved[name], BASE.conditions[name]) for name in same)


def test_a_user_narrows_it_further_and_sets_its_numbers(file):
    moved = conditions(lever(file)(countries=["SG"], growth=2.0, intensity=0.5))
    usual = BASE.conditions["border_exposure"]
    assert moved["border_exposure"][-1, SG] == pytest.approx(1.5 * usual[-1, SG])
    assert moved["border_exposure"][-1, MY] == usual[-1, MY]


@pytest.mark.parametrize(("how", "expected"), [("add = 0.25", 0.25), ("times = 3", 2.0), ("to = 0.9", None)])
def test_a_shift_adds_multiplies_or_leads_to_a_number(file, how, expected):
    text = LEVER.replace('times = "growth"\nonly = ["SG", "MY"]', how).partition("[port_searches.settings]")
    kind = lever(file, text[0] + "[[port_searches.shifts]]" + text[2].partition("[[port_searches.shifts]]")[2])
    usual = BASE.conditions["border_exposure"][-1, SG]
    wanted = {"add = 0.25": usual + 0.25, "times = 3": 3 * usual, "to = 0.9": 0.9}[how]
    assert conditions(kind())["border_exposure"][-1, SG] == pytest.approx(wanted)


def test_costs_are_due_at_any_strength_and_grow_with_it(file):
    kind = lever(file)
    yearly = [52 * kind(intensity=x).foreign_cost(BASE)[-1] for x in (0.0, 0.5, 1.0)]
    assert yearly == pytest.approx([0.0, 5e6, 8e6])
    assert not kind().government_cost(BASE).any()
    chip = lever(file, LEVER.replace('payer = "foreign state"', 'payer = "industry, an honest chip"'))
    assert chip().industry_cost_per_chip(BASE)[-1] == pytest.approx(8e6)


def test_it_crosses_to_a_process_that_never_read_the_file(file):
    policy = lever(file)(growth=9.0, start="2024-06")
    assert pickle.loads(pickle.dumps(policy)) == policy
    (path := file.with_name("policy")).write_bytes(pickle.dumps(policy))
    script = f"import pickle, pathlib; print(pickle.loads(pathlib.Path({str(path)!r}).read_bytes()).label())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "port_searches(growth=9)@2024-06-01"


def test_another_constant_is_another_fingerprint_and_the_store_does_not_answer_for_it(file, tmp_path):
    found = {}
    for times in (4, 4, 8):
        policy = lever(file, LEVER.replace('times = "growth"', f"times = {times}").replace(SETTINGS, ""))()
        study = ss.compare("minimal", [policy], pairs=2, replicates=0, workers=1, store=tmp_path / "store")
        found.setdefault(times, []).append((policies_hash((policy,)), study.reused))
    assert [reused for _, reused in found[4]] == [0, 4]
    assert found[8][0][1] == 2  # the baselines alone
    assert found[4][0][0] == found[4][1][0] != found[8][0][0]


SETTINGS = LEVER[LEVER.index("[port_searches.settings]") : LEVER.index("[[port_searches.shifts]]")]


def test_every_door_knows_it(ask, file):
    status, out, _ = ask("list", "policies", "--lever-file", file)
    assert status == 0
    assert "port_searches" in out
    status, out, _ = ask("show", "port_searches", "--lever-file", file)
    assert "border_exposure of MY, SG, times growth" in out
    assert "decided by: foreign state" in out
    words = ("compare", "minimal", "-p", "port_searches(growth=9)=0.5", "--pairs", 2, "--workers", 1, "--json")
    status, out, errors = ask(*words, "--lever-file", file)
    assert (status, errors) == (0, "")
    assert json.loads(out)["policies"][0]["name"] == "port_searches(growth=9)=0.5"
    assert ss.policies.PortSearches.lever == "port_searches"
    assert ask("run", "minimal", "-p", "port_searches", "--lever-file", file)[0] == 0


def test_the_environment_names_files_for_every_command(file, monkeypatch, ask):
    monkeypatch.setenv(registry.FILES, str(file))
    assert "port_searches" in ask("list", "policies")[1]
    monkeypatch.setenv(registry.FILES, str(file.with_name("none.toml")))
    registry.levers.cache_clear()
    status, out, errors = ask("list", "policies")
    assert (status, out) == (2, "")
    assert "cannot be read" in errors


def test_a_scenario_brings_its_levers_and_is_written_with_them(file):
    world = file.with_name("mine.toml")
    world.write_text(
        'name = "mine"\nextends = "minimal"\nlevers = ["my_levers.toml"]\n[[policies]]\nlever = "port_searches"\n'
    )
    scenario = ss.Scenario.load(world)
    assert scenario.policies[0].lever == "port_searches"
    again = ss.Scenario.from_text(scenario.to_toml(), "again.toml")
    assert again == scenario
    file.write_text(LEVER.replace("fixed = 2e6", "fixed = 3e6"))
    assert ss.Scenario.load(world).hash() != scenario.hash()


def test_what_was_compared_is_told_whole(file):
    from supplysim.report.appendix import provenance

    study = ss.compare("minimal", [lever(file)()], pairs=1, replicates=0, workers=1, store=False)
    told = provenance(study)["levers"]["port_searches"]
    assert told["shifts"] == [{"condition": "border_exposure", "only": ["MY", "SG"], "times": "growth"}]


WRONG = {
    "an unknown condition": ('"border_exposure"', '"border_exposur"', "did you mean 'border_exposure'?"),
    "no condition": ('condition = "border_exposure"\n', "", "there is no such condition"),
    "an unknown key": ("times =", "multiply =", "there is no such key"),
    "two ways": ("only =", "add = 1\nonly =", "it says add and times"),
    "an unknown setting": ('times = "growth"', 'times = "grow"', "did you mean 'growth'?"),
    "an idle setting": ('times = "growth"', "times = 2", "no shift and no cost names it"),
    "an unknown place": ('only = ["SG", "MY"]', 'only = ["XX"]', "there is no such place among countries"),
    "China as a place": ('only = ["SG", "MY"]', 'only = ["CN"]', "there is no such place among countries"),
    "an unknown payer": ('payer = "foreign state"', 'payer = "somebody"', "there is no such payer"),
    "no sum": ("fixed = 2e6\nvariable = 6e6", "", "it names no sum"),
    "a group that there is not": ('group = "border"', 'group = "borders"', "did you mean 'border'?"),
    "a scope of nothing": ('scopes = ["countries"]', 'scopes = ["vendors"]', "no condition that it shifts differs"),
    "nothing said": ('title = "Searches in two ports"', "", "title: is missing"),
    "a default outside its range": ("default = 4", "default = 40", "it must lie between 1 and 20"),
    "not a number": ("fixed = 2e6", "fixed = nan", "it is not finite"),
    "a name in use": ("port_searches", "border", "there is another lever of that name"),
    "a name that is none": ("port_searches", "Port", "is no name of a lever"),
    "a setting that every lever has": ("growth", "start", "no setting can be called that"),
    "no TOML": ("[port_searches]", "[port_searches", "is not valid TOML"),
    "a share above one": ('times = "growth"', "to = 1.5", "border_exposure is a share"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_one_line_with_place_rule_and_remedy(ask, file, what):
    old, new, told = WRONG[what]
    file.write_text(LEVER.replace(old, new))
    status, out, errors = ask("list", "policies", "--lever-file", file)
    assert (status, out) == (2, "")
    assert told in errors
    assert "my_levers.toml" in errors
    assert errors.count("\n") == 1
    assert not registry._read


def test_a_file_that_cannot_be_read_is_named(ask, tmp_path):
    for path in (tmp_path, tmp_path / "none.toml"):
        status, out, errors = ask("list", "policies", "--lever-file", path)
        assert (status, out) == (2, "")
        assert "cannot be read" in errors


def test_what_may_be_moved_is_what_is_declared():
    fields = declared.CONDITIONS.fields
    widths = {code: getattr(columns, name) for name, code in ALONG.items()}
    floats = {name for name, (kind, _) in fields.items() if kind.base == np.float64}
    assert movable().keys() == floats - {"product_share"}
    for name, one in movable().items():
        shape = fields[name][0].shape
        assert shape == ((widths[one.along],) if one.along else ())
        assert not one.along or len(places(one.along)) == widths[one.along]
        assert one.share == (name in declared.SHARES)
        assert one.positive == (name in declared.NON_NEGATIVE)
        assert one.meaning
    assert set(places("countries")) - set(nameable("countries")) == {"CN"}


def test_conditions_are_listed(ask):
    status, out, _ = ask("list", "conditions")
    assert status == 0
    assert "border_exposure" in out
    assert "one each of countries" in out


# --- levers with code --------------------------------------------------------------------------------------

CELL = """
from dataclasses import dataclass
import numpy as np
import supplysim as ss
from supplysim.world.conditions import Shift

HOW_MUCH = {constant}
TABLE = np.array([0.0, {table}])

def helper(x, power={power}):
    return x * HOW_MUCH ** power + TABLE[1]

@dataclass(frozen=True, kw_only=True)
class DoorToDoor(ss.policies.Policy):
    lever = "door_to_door"
    title = "Officers at every distributor"
    group = "sale"
    mechanism = response = unknown = payer = burden = "none"
    sources = ("assumption",)
    ramp_weeks = {ramp}

    def shifts(self, base):
        yield Shift("screening_exposure", helper(self.strength(base)))
"""


def cell(monkeypatch, constant=0.5, table=0.0, power=1, ramp=4, text=CELL):
    """Return the class that a notebook's cell makes; the module has no file."""
    module = type(sys)("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(compile(text.format(constant=constant, table=table, power=power, ramp=ramp), "<cell>", "exec"), vars(module))
    return module.DoorToDoor


def test_an_edited_cell_has_another_fingerprint(monkeypatch):
    first = cell(monkeypatch).fingerprint()
    assert cell(monkeypatch).fingerprint() == first
    changed = [cell(monkeypatch, **{name: 2}).fingerprint() for name in ("constant", "table", "power", "ramp")] + [
        cell(monkeypatch, text=CELL.replace("+ TABLE", "- TABLE")).fingerprint()
    ]
    assert len({first, *changed}) == 6


def test_a_comment_and_the_names_of_other_cells_change_nothing(monkeypatch):
    first = cell(monkeypatch).fingerprint()
    text = CELL.replace("    def shifts", "    # a comment\n    def shifts") + "\nOTHER = 3\n"
    assert cell(monkeypatch, text=text).fingerprint() == first


def test_what_is_compiled_from_the_console_counts_too(monkeypatch):
    kind = cell(monkeypatch)
    source = "def shifts(self, base):\n    yield {}\n"
    found = set()
    for number in (1, 2):
        exec(compile(source.format(number), "<string>", "exec"), space := {})
        kind.shifts = space["shifts"]
        found.add(kind.fingerprint())
    assert len(found) == 2


def test_what_has_no_content_is_never_taken_for_the_same(monkeypatch):
    kind = cell(monkeypatch)
    sys.modules["__main__"].HOW_MUCH = open(__file__)  # noqa: SIM115
    try:
        assert kind.fingerprint() != kind.fingerprint()
    finally:
        sys.modules["__main__"].HOW_MUCH.close()


def test_our_own_levers_have_none():
    assert ss.policies.Border.fingerprint() == ""


def test_a_cell_goes_to_workers_by_its_content(monkeypatch):
    pytest.importorskip("cloudpickle")
    sent = portable(cell(monkeypatch)().label)
    assert isinstance(sent, Portable)
    monkeypatch.undo()  # a worker has no such class
    assert pickle.loads(pickle.dumps(sent))._function is None
    assert pickle.loads(sent.content)() == "door_to_door"
    assert portable(len) is len


def test_without_cloudpickle_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(ss.InputError, match="cannot be sent to other processes without cloudpickle"):
        portable(cell(monkeypatch)().label)
