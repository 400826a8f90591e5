"""The same sheet in the dark: every colour that it writes as ``#rrggbb`` gets a name, and another value at night.

Lightness is mirrored in OKLab (Björn Ottosson 2020), hue and most of the chroma stay. What is to look the same by day
and by night is written as ``rgb(...)`` in the sheet and left alone; print is by day.
"""

from __future__ import annotations

import re

HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
DARKEST, BEND, CHROMA = 0.17, 0.8, 0.85  # bent, so that what is faint by day can still be read by night
TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
FROM_LAB = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
Matrix = tuple[tuple[float, float, float], ...]
Triple = tuple[float, float, float]


def themed(sheet: str) -> str:
    """Return a style sheet that follows what the visitor's system prefers."""
    found = sorted({full(match[1]) for match in HEX.finditer(sheet)})
    day = "; ".join(f"--c-{colour}: #{colour}" for colour in found)
    night = "; ".join(f"--c-{colour}: {mirrored(colour)}" for colour in found)
    named = HEX.sub(lambda match: f"var(--c-{full(match[1])})", sheet)
    return (
        f":root {{ color-scheme: light; {day} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {night} }} }}\n{named}"
    )


def full(digits: str) -> str:
    """Return six small digits of a colour."""
    return ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits).lower()


def mirrored(colour: str) -> str:
    """Return a colour, six digits, as it looks at night: ``#rrggbb``."""
    light, a, b = lab(colour)
    night = DARKEST + (1.0 - DARKEST) * (1.0 - min(light, 1.0)) ** BEND
    linear = _times(FROM_LMS, _cubed(_times(FROM_LAB, (night, CHROMA * a, CHROMA * b))))
    return "#" + "".join(f"{round(255.0 * _gamma(min(max(value, 0.0), 1.0))):02x}" for value in linear)


def lab(colour: str) -> Triple:
    """Return a colour, six digits, in OKLab."""
    linear = _linear(colour)
    long, middle, short = _times(TO_LMS, linear)
    return _times(TO_LAB, (long ** (1 / 3), middle ** (1 / 3), short ** (1 / 3)))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, six digits, as WCAG 2.2 has it."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255.0 for at in (0, 2, 4))
    return _straight(red), _straight(green), _straight(blue)


def _straight(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1.0 / 2.4) - 0.055


def _cubed(values: Triple) -> Triple:
    first, second, third = values
    return first**3, second**3, third**3


def _times(matrix: Matrix, values: Triple) -> Triple:
    first, second, third = (sum(m * v for m, v in zip(row, values, strict=True)) for row in matrix)
    return first, second, third
