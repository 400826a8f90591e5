"""The evidence tables, their reader, and the priors."""

import importlib
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplysim.errors import InputError
from supplysim.evidence import (
    ASSUMPTION,
    TABLES,
    Prior,
    cases,
    levers,
    parameters,
    quantities,
    resolve,
    supply_by_quarter,
    table,
)
from supplysim.evidence.tables import FOLDER, read
from supplysim.policies import registry

# By name through the import system: the package also has functions of these names.
tables_module = importlib.import_module("supplysim.evidence.tables")
read_parameters = importlib.import_module("supplysim.evidence.parameters").read_parameters

RANGED = [*quantities().values(), *levers().values()]

# Calendar-year totals are rounded from the same quarterly medians, so they agree to a unit or two.
YEAR_TOTALS = {
    "Q090": (2022, "A100"),
    "Q091": (2022, "A800"),
    "Q092": (2022, "H100/H200"),
    "Q093": (2023, "A100"),
    "Q094": (2023, "A800"),
    "Q095": (2023, "H100/H200"),
    "Q096": (2023, "H800"),
    "Q097": (2024, "H100/H200"),
    "Q098": (2024, "H20"),
    "Q099": (2024, "B200"),
    "Q100": (2025, "H100/H200"),
    "Q101": (2025, "H20"),
    "Q102": (2025, "B200"),
    "Q103": (2025, "B300"),
}


def headings(rows):
    return {re.fullmatch(r"([A-Z]\d{2,3})[a-h]?", key).group(1) for key in rows}


def test_every_id_of_the_collected_evidence_is_there():
    assert len(headings(quantities())) == 143
    assert len(headings(levers())) == 205
    assert len(cases()) == 15


def test_a_source_with_several_values_has_a_named_part_for_each():
    for rows in (quantities(), levers()):
        for key, row in rows.items():
            assert bool(row.part) == key[-1].isalpha(), key
    assert [row.part for row in resolve("Q056")] == ["A100", "H100, H200, H800", "B200"]
    assert [row.central for row in resolve("Q056")] == [0.315, 1.0, 2.527]
    assert [(row.low, row.high) for row in resolve("Q088")][2] == (23_000, 30_000)
    assert [row.central for row in resolve("P:X19")] == [51e6, 570e6]


def test_no_number_cell_holds_words_and_words_are_kept():
    # The reader raises on anything but a number or nothing, so reading is the check.
    assert quantities()["Q001"].high is None
    assert "several hundred thousand" in quantities()["Q001"].text
    assert quantities()["Q065"].text == "dozens"


def test_low_central_and_high_stand_in_order():
    for row in RANGED:
        known = [value for value in (row.low, row.central, row.high) if value is not None]
        assert known == sorted(known), row.id


def test_every_row_says_how_far_to_trust_it():
    for row in RANGED:
        assert row.confidence in ("high", "medium", "low")
        assert row.unit
        assert row.source_title
        assert not row.source_url or row.source_url.startswith("http")


def test_a_case_has_dates_in_order():
    for case in cases().values():
        assert re.fullmatch(r"(\d{4}(-\d\d){0,2})?", case.public)
        dates = [date for date in (case.conduct_start, case.conduct_end, case.public) if date]
        assert dates == sorted(dates), case.id
        assert dates, case.id


@pytest.mark.parametrize("ref", YEAR_TOTALS)
def test_quarterly_supply_sums_to_the_published_year(ref):
    year, sku = YEAR_TOTALS[ref]
    total = sum(row.units_p50 for row in supply_by_quarter() if (row.year, row.sku) == (year, sku))
    (published,) = resolve(ref)
    assert published.period == f"CY{year}"
    assert total == pytest.approx(published.central, abs=2)


def test_supply_quarters_are_iso_like_ordered_and_unique():
    rows = supply_by_quarter()
    assert all(re.fullmatch(r"20\d\dQ[1-4]", row.quarter) for row in rows)
    assert [row.quarter for row in rows] == sorted(row.quarter for row in rows)
    assert len({(row.quarter, row.sku) for row in rows}) == len(rows) == 51
    assert all(0 < row.units_p05 < row.units_p50 < row.units_p95 for row in rows)


def test_citations_resolve_by_prefix():
    assert resolve("Q031")[0].central == 75
    assert resolve("P:V09")[0].unit == "km"
    assert resolve("case:C02")[0].value_usd == 103_000_000
    assert resolve("Q056a") == resolve("Q056")[:1]


@pytest.mark.parametrize(
    ("ref", "hint"), [("Q0311", "Q031"), ("V09", "P:V09"), ("case:C99", "case:C"), ("", "known: ")]
)
def test_an_unknown_id_names_the_nearest_known_one(ref, hint):
    with pytest.raises(InputError, match=re.escape(hint)):
        resolve(ref)


def test_an_unknown_table_names_the_nearest_known_one():
    with pytest.raises(InputError, match="countries"):
        table("country")


@pytest.mark.parametrize("name", TABLES)
def test_input_tables_cite_only_what_exists(name):
    rows = table(name)
    assert rows
    for row in rows:
        for ref in row.get("sources", "").split():
            assert ref == ASSUMPTION or resolve(ref)
        if "sources" in row:
            assert row["sources"], f"{name}.csv: {row}: say where it comes from, or {ASSUMPTION}"


def test_a_table_can_be_changed_by_its_reader_without_harm():
    name = TABLES[0]
    table(name)[0].clear()
    assert table(name)[0]


def test_every_parameter_has_unit_meaning_source_and_a_default_in_range():
    assert parameters()
    for name, parameter in parameters().items():
        assert parameter.name == name
        assert parameter.unit, name
        assert parameter.meaning, name
        assert parameter.sources, name
        assert parameter.assumed or parameter.evidence, name
        assert parameter.allows(parameter.default), name
        assert all(resolve(ref) for ref in parameter.sources if ref != ASSUMPTION)


def test_every_prior_of_a_parameter_draws_inside_its_range():
    share = np.linspace(0.001, 0.999, 101)
    for parameter in parameters().values():
        if parameter.prior is not None:
            values = parameter.prior.quantile(share)
            assert np.all(np.diff(values) >= 0), parameter.name
            assert all(parameter.allows(value) for value in values), parameter.name


# --- reading files ---------------------------------------------------------------------------------------

HEADER = "name,symbol,group,unit,default,low,high,prior,meaning,sources,note\n"
ROW = 'fte,f,enforcement,people,14,8,30,"lognormal(14, 0.35)",Investigators on AI chips,assumption P:E13,ten %\n'


def test_a_parameter_row_is_read_whole(tmp_path):
    path = tmp_path / "parameters.csv"
    path.write_text(HEADER + ROW + 'n_front,,firms,firms,0,1,10,"zero_or_lognormal(0.78, 3.2, 0.7)",F,Q034,\n')
    fte, fronts = read_parameters(path.name, read(path)).values()
    assert (fte.name, fte.symbol, fte.default, fte.low, fte.high, fte.note) == ("fte", "f", 14.0, 8.0, 30.0, "ten %")
    assert fte.prior == Prior("lognormal", (14, 0.35), 8, 30)
    assert fte.sources == ("assumption", "P:E13")
    assert fte.assumed
    assert fte.evidence == resolve("P:E13")
    assert not fronts.assumed
    assert fronts.allows(0)
    assert not fronts.allows(0.5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("14,8", "many,8", "fte.default = 'many'"),
        ("14,8", "5,8", "fte.default = 5, but the range is 8 to 30"),
        ("people", "", "fte.unit is empty"),
        ("lognormal", "lognormale", "did you mean 'lognormal'"),
        (ROW, ROW + ROW, "stands twice"),
        (",note", ",remark", "column 'note' is missing"),
        ("ten %", "ten, %", "12 cells, but 11 columns"),
        ("group,unit", "unit,unit", "name every column, each once"),
    ],
)
def test_a_broken_parameter_file_says_where_and_why(tmp_path, old, new, message):
    path = tmp_path / "parameters.csv"
    path.write_text((HEADER + ROW).replace(old, new, 1))
    with pytest.raises(ValueError, match=re.escape(message)):
        read_parameters(path.name, read(path))


def test_an_id_that_stands_twice_is_refused(tmp_path, monkeypatch):
    (tmp_path / "levers.csv").write_text("id,low\nB01,1\nB01,2\n")
    monkeypatch.setattr(tables_module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="B01 stands twice"):
        tables_module.by_id("levers", ("low",))


def test_blank_lines_and_outer_blanks_are_ignored(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text("a,b\n\n 1 ,x\n")
    assert read(path) == [{"a": "1", "b": "x"}]


def test_reading_evidence_loads_no_heavy_package():
    # An empty stand-in for the package: what counts is what the reader itself imports.
    code = f"""if True:
        import sys, types
        package = sys.modules["supplysim"] = types.ModuleType("supplysim")
        package.__path__ = [{str(FOLDER.parent)!r}]
        from supplysim.evidence import parameters, resolve
        parameters(), resolve("Q031")
        heavy = {{"numpy", "pandas", "scipy", "numba", "mesa", "matplotlib"}} & set(sys.modules)
        sys.exit(f"loaded: {{heavy}}" if heavy else 0)
    """
    subprocess.run([sys.executable, "-c", code], check=True, timeout=1200)


# --- priors ----------------------------------------------------------------------------------------------

EXAMPLES = [
    Prior("lognormal", (14, 0.35)),
    Prior("lognormal", (75, 0.42), 20, 220),
    Prior("normal", (0, 1)),
    Prior("normal", (2.2, 0.5), 0.8, 4),
    Prior("uniform", (0.04, 0.25)),
    Prior("uniform", (0, 1), 0.25, None),
    Prior("beta", (4, 5)),
    Prior("beta", (2, 18), None, 0.3),
    Prior("zero_or_lognormal", (0.78, 3.2, 0.7), 1, 10),
]
names = [prior.to_text() for prior in EXAMPLES]


@pytest.mark.parametrize("prior", EXAMPLES, ids=names)
@settings(deadline=None)  # the first call imports scipy
@given(u=st.floats(1e-6, 1 - 1e-6), v=st.floats(1e-6, 1 - 1e-6))
def test_quantiles_rise_and_keep_to_the_bounds(prior, u, v):
    small, large = prior.quantile(min(u, v)), prior.quantile(max(u, v))
    assert small <= large
    low, high = prior.bounds
    for value in (small, large):
        assert low <= value <= high or (prior.kind == "zero_or_lognormal" and value == 0)


@pytest.mark.parametrize("prior", EXAMPLES, ids=names)
def test_quantiles_of_an_array_are_those_of_its_numbers(prior):
    share = np.array([[0.01, 0.3], [0.8, 0.99]])
    values = prior.quantile(share)
    assert values.shape == share.shape
    assert values[1, 0] == prior.quantile(0.8)
    assert isinstance(prior.quantile(0.8), float)


@pytest.mark.parametrize("prior", EXAMPLES, ids=names)
def test_text_reads_back_as_the_same_prior(prior):
    assert Prior.parse(prior.to_text(), prior.low, prior.high) == prior


@pytest.mark.parametrize(
    ("text", "u", "value"),
    [
        ("lognormal(14, 0.35)", 0.5, 14),
        ("lognormal(14, 0.35)", 0.8413447460685429, 14 * np.exp(0.35)),
        ("normal(2.2, 0.5)", 0.5, 2.2),
        ("normal(0, 1)", 0.975, 1.959963984540054),
        ("uniform(0.04, 0.25)", 0.5, 0.145),
        ("beta(4, 5)", 0.5, 0.4401552046),
        ("zero_or_lognormal(0.78, 3.2, 0.7)", 0.78, 0),
        ("zero_or_lognormal(0.78, 3.2, 0.7)", 0.89, 3.2),
    ],
)
def test_known_quantiles(text, u, value):
    assert Prior.parse(text).quantile(u) == pytest.approx(value, rel=1e-9)


def test_truncation_rescales_and_piles_nothing_up_at_the_bounds():
    share = (np.arange(100_000) + 0.5) / 100_000
    whole = Prior("normal", (0, 1)).quantile(share)
    cut = Prior("normal", (0, 1), -0.5, 1).quantile(share)
    kept = whole[(whole >= -0.5) & (whole <= 1)]
    assert np.quantile(cut, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(kept, [0.1, 0.5, 0.9]), abs=1e-3)
    assert len(np.unique(cut)) == len(cut)


def test_the_lump_at_zero_keeps_its_probability_when_the_rest_is_cut_off():
    share = (np.arange(10_000) + 0.5) / 10_000
    values = Prior("zero_or_lognormal", (0.78, 3.2, 0.7), 1, 10).quantile(share)
    assert np.mean(values == 0) == pytest.approx(0.78)
    assert values[values > 0].min() >= 1


def test_fixed_and_empty_mean_no_prior():
    assert Prior.parse("fixed") is None
    assert Prior.parse(" ") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("14", "is not of the form"),
        ("lognormal(14, 0.35", "is not of the form"),
        ("lognormal(14; 0.35)", "is not a list of numbers"),
        ("lognormal()", "is not a list of numbers"),
        ("lognormal(14)", "takes median, sigma, but got 1"),
        ("lognormal(-14, 0.35)", "median must be above zero"),
        ("normal(0, 0)", "sd must be above zero"),
        ("normal(nan, 1)", "mean must be a finite number"),
        ("uniform(2, 1)", "nothing lies between 2 and 1"),
        ("zero_or_lognormal(1, 3, 1)", "p_zero must be a probability below one"),
        ("gamma(1, 2)", "unknown prior 'gamma'"),
    ],
)
def test_a_prior_that_cannot_be_read_says_why(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Prior.parse(text)


def test_bounds_that_leave_nothing_are_refused():
    with pytest.raises(ValueError, match="nothing lies between 3 and 2"):
        Prior.parse("normal(0, 1)", 3, 2)
    with pytest.raises(ValueError, match="has nothing between 40 and 50"):
        Prior("normal", (0, 1), 40, 50).quantile(0.5)


@pytest.mark.parametrize("u", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_outside_the_open_interval_is_refused(u):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        EXAMPLES[0].quantile(u)


def test_a_scenario_table_reads_as_the_same_prior():
    mapping = {"prior": "lognormal", "median": 14, "sigma": 0.35}
    assert Prior.from_mapping(mapping) == Prior.parse("lognormal(14, 0.35)")
    assert Prior.from_mapping(mapping, 8, 30) == Prior.from_mapping({**mapping, "low": 8, "high": 30})
    uniform = {"prior": "uniform", "low": 0.1, "high": 0.6}
    assert Prior.from_mapping(uniform, 0, 0.5).bounds == (0.1, 0.5)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"median": 14}, "unknown prior None"),
        ({"prior": "lognormall"}, "did you mean 'lognormal'"),
        ({"prior": "lognormal", "median": 14}, "sigma missing"),
        ({"prior": "lognormal", "median": 14, "sigm": 1}, "did you mean 'sigma'"),
        ({"prior": "lognormal", "median": "14", "sigma": 1}, "median = '14' is not a number"),
        ({"prior": "lognormal", "median": True, "sigma": 1}, "median = True is not a number"),
    ],
)
def test_a_scenario_table_that_is_wrong_says_why(mapping, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Prior.from_mapping(mapping)


@pytest.mark.slow
def test_every_parameter_is_read_by_the_model():
    source = "\n".join(path.read_text() for path in FOLDER.parent.rglob("*.py"))
    kinds = "_exposure", "_sensitivity", "_threshold"  # of a channel: read by the channel's name
    by_place = {f"{kind}_{row['code'].lower()}" for row in table("countries") for kind in ("corridor", "seats")}
    by_channel = {row["code"] + kind for row in table("channels") for kind in kinds}
    settings = {f"{lever}.{name}" for lever, kind in registry.levers().items() for name in kind.evidence()}
    dated = {row["change"] for row in table("calendar")}
    read = r"(\b(p|parameters\[0\])\.{name}\b|[\"']{name}[\"'])"
    unread = {
        name
        for name in parameters().keys() - by_channel - by_place - settings - dated
        if not re.search(read.replace("{name}", name), source)
    }
    assert unread == set()
