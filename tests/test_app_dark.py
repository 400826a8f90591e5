"""The sheet at night: every colour has another value, and text stays readable on what it stands on."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("solara")

from supplysim.viz import bundle
from supplysim.viz.dark import HEX, full, lab, luminance, mirrored, themed

PAIRS = {  # text on ground, as the sheet has them
    ("0f2230", "ffffff"), ("4b6071", "ffffff"), ("4b6071", "edf2f6"), ("5b7083", "ffffff"), ("07665c", "ffffff"),
    ("ffffff", "0b7a6f"), ("075a52", "e3efee"), ("7a5200", "fdf1d6"), ("7a5200", "fff4d6"), ("b4441c", "ffffff"),
    ("0b7a6f", "ffffff"), ("3a4f5f", "dde6ec"), ("963511", "ffffff"), ("556b7b", "f7f9fa"), ("43586a", "ffffff"),
}  # fmt: skip


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("pair", sorted(PAIRS))
def test_text_is_readable_by_day_and_by_night(pair):
    text, ground = pair
    assert f"--c-{text}:" in bundle.style()
    assert contrast(text, ground) >= 4.5
    assert contrast(mirrored(text)[1:], mirrored(ground)[1:]) >= 4.5


def test_what_is_light_by_day_is_dark_by_night_and_keeps_its_hue():
    assert luminance(mirrored("ffffff")[1:]) < 0.01
    assert luminance(mirrored("0f2230")[1:]) > 0.5
    for colour in ("0b7a6f", "b4441c", "1667a8"):
        (_, a, b), (_, c, d) = lab(colour), lab(mirrored(colour)[1:])
        assert a * c + b * d > 0.9 * ((a * a + b * b) * (c * c + d * d)) ** 0.5


def test_every_colour_of_the_sheet_has_a_name_with_two_values():
    sheet = bundle.style()
    head, _, rules = sheet.partition("}\n}\n") if "}\n}\n" in sheet else sheet.partition(" } }\n")
    assert HEX.search(rules) is None
    named = set(re.findall(r"var\(--c-([0-9a-f]{6})\)", rules))
    assert len(named) > 50
    assert all(head.count(f"--c-{colour}:") == 2 for colour in named)


def test_short_colours_are_the_long_ones_and_rgb_is_left_alone():
    assert full("FfA") == "ffffaa"
    assert themed("a { color: #fff; background: rgb(1 2 3); }").count("rgb(1 2 3)") == 1
    assert "var(--c-ffffff)" in themed("a { color: #fff; }")
