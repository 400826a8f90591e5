"""Which folders install as which packages; everything else stands in pyproject.toml.

The model, its app and its scenarios lie side by side in the source tree and install as one package:
`viz/` as `supplysim.viz`, `scenarios/` as `supplysim.scenarios`, and the reports in `docs/` as `supplysim.docs`.
"""

from setuptools import find_namespace_packages, setup


def packages(folder, name):
    """Return a folder and all folders below it, those that hold only data too, under the installed name."""
    below = find_namespace_packages(folder, exclude=["__pycache__", "*.__pycache__"])
    return [name, *(f"{name}.{package}" for package in below)]


setup(
    packages=[
        *packages("supplysim", "supplysim"),
        *packages("viz", "supplysim.viz"),
        *packages("scenarios", "supplysim.scenarios"),
        "supplysim.docs",
    ]
)
