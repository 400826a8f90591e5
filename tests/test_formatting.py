"""Numbers as text: each kind of number is written in one way."""

import math

import pytest

from supplysim.report.formatting import cell, chips, compact, form, points, share, signed, times, times_more, written

NAN = math.nan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            [chips(0.0), chips(0.04), chips(2.0), chips(7.25), chips(9.96), chips(None), chips(NAN)],
            "0 0 2 7.2 10 – unknown",
        ),
        ([chips(-3.0), chips(141_832), chips(-2.5e6)], "−3 142k −2.5M"),
        ([signed(2.0), signed(-0.01), signed(12.4), signed(None)], "+2 0 +12 –"),
        ([compact(999.5), compact(999.4), compact(-0.2, sign=True)], "1k 999 0"),
        ([share(0.0213), share(0.62), share(-0.5)], "2.1 % 62 % −50 %"),
        ([points(-0.034), points(0.1, "pts"), points(NAN)], "−3.4 points +10.0 pts unknown"),
        ([times(1.5), times_more(-0.1), times_more(0.1)], "1.50× −0.10 +0.10"),
        ([cell(NAN), cell(0.0), cell(0.01234), cell(1234.5), cell(2.5e7)], "- 0 0.0123 1,234 25.0M"),
        ([written(0.0, "dollars"), written(-1.26e9, "dollars"), written(0.5, "ratio")], "$0 −$1.3 billion 0.50"),
        ([written(0.0, "percent"), written(0.0314, "percent"), written(NAN, "count")], "0.0 % +3.1 % unknown"),
    ],
)
def test_a_number_is_written_with_the_digits_that_count(text, expected):
    assert " ".join(text) == expected


def test_the_unit_says_how_the_app_writes_a_measure():
    assert form("chips") is form("H100e") is form("anything counted")
    assert (form("share").level(0.5), form("share").change(0.5)) == ("50 %", "+50.0 pts")
    assert (form("x list").level(1.5), form("x list").change(0.5)) == ("1.50×", "+0.50")
    assert (form("US$").level(2e6), form("US$").browser) == ("$2 M", "dollars")
