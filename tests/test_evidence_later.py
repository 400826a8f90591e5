"""The evidence to autumn 2026 is cited like all other evidence, and holds no outcome of 2026."""

import pytest

from supplysim.errors import InputError
from supplysim.evidence import later, resolve
from supplysim.evidence.later import TABLES_TO_2026


def test_every_table_has_rows_under_its_prefix():
    prefixes = {key.split(":")[0] + ":" for key in later()}
    assert prefixes == set(TABLES_TO_2026)


@pytest.mark.parametrize(
    ("citation", "central", "unit"),
    [("enf:F050", 0.5, "share"), ("dem:D059", 932.0, "CNY bn"), ("sup:S104", 2.5265, "H100e/chip")],
)
def test_a_citation_leads_to_its_row(citation, central, unit):
    (row,) = resolve(citation)
    assert (row.central, row.unit) == (central, unit)


def test_intervals_of_the_geography_contain_their_weight():
    for key, row in later().items():
        if key.startswith("way:") and None not in (row.low, row.central, row.high):
            assert row.low <= row.central <= row.high, key


def test_words_in_a_number_cell_are_kept_as_text():
    (row,) = resolve("dem:D085")
    assert row.central is None or row.high is None
    assert "hundreds of thousands" in row.text


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(InputError, match="enf:F05"):
        resolve("enf:F05x")
