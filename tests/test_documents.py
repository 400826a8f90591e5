"""Generated documents: they name what is in the code, and what they claim is shown somewhere."""

from pathlib import Path

import pytest

from docs.writers import odd, trace
from supplysim.evidence import parameters
from supplysim.outputs.measures import MEASURES
from supplysim.report.formatting import plain, triple
from supplysim.report.markdown import table
from supplysim.week import PHASES

ROOT = Path(__file__).parents[1]


def test_description_names_every_phase_parameter_and_measure():
    text = odd.document()
    for phase in PHASES:
        assert f"| {phase.name} |" in text
    for name in [*parameters(), *(name for name in MEASURES if ":" not in name)]:
        assert f"`{name}`" in text
    for column in ("capacity", "order_median", "open_cases"):
        assert f"`{column}`" in text
    assert "does not forecast" in text


def test_shipped_description_is_that_of_the_code():
    assert (ROOT / "docs" / "odd.md").read_text("utf-8") == odd.document()


def test_columns_that_are_not_declared_are_an_error():
    with pytest.raises(ValueError, match="no columns are declared as NOTHING"):
        odd.columns(odd.PACKAGE / "world" / "records.py", "NOTHING")


def test_every_claim_has_a_proof_that_exists():
    found = trace.claims(ROOT)
    assert (ROOT / "docs" / "trace.md").read_text("utf-8") == trace.document(found)


def test_a_claim_without_proof_is_an_error(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "trace.csv").write_text("element,claim,proof\n1,It works,tests/test_none.py::test_it\n")
    with pytest.raises(ValueError, match="which does not exist"):
        trace.claims(tmp_path)


def test_numbers_read_well():
    found = [plain(value) for value in (139_659.6, 0.01234, 0.0, None, float("nan"))]
    assert found == ["140,000", "0.0123", "0", "–", "–"]
    assert triple((1.0, None, 3.0)) == "1 / – / 3"
    assert table(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |"
