"""Which folders install as which packages, and which files go with them; everything else stands in pyproject.toml.

The model, its app and its scenarios lie side by side in the source tree and install as one package: `viz/` as
`supplysim.viz`, `scenarios/` as `supplysim.scenarios`. Of `docs/` only the reports that the app shows are installed.
"""

from setuptools import find_namespace_packages, setup

DATA = [
    *("*.csv", "*.toml", "*.md", "*.vue", "*.parquet", "*.npz", "*.js", "*.css", "*.svg", "*.json", "*.woff2", "*.txt"),
    ".complete",
]
SHOWN = ["calibration.md", "predictions-2025.md", "scoreboard.md", "sensitivity.md"]  # viz/pages.py: REPORTS


def packages(folder, name):
    """Return a folder and all folders below it, those that hold only data too, under the installed name."""
    below = find_namespace_packages(folder, exclude=["__pycache__", "*.__pycache__"])
    return [name, *(f"{name}.{package}" for package in below)]


folders = [
    *packages("supplysim", "supplysim"),
    *packages("viz", "supplysim.viz"),
    *packages("scenarios", "supplysim.scenarios"),
]
setup(
    packages=[*folders, "supplysim.docs"],
    package_data=dict.fromkeys(folders, [f"**/{pattern}" for pattern in DATA]) | {"supplysim.docs": SHOWN},
)
