"""Which folders install as which packages, and which files go with them; everything else stands in pyproject.toml.

The model, its app and its scenarios lie side by side in the source tree and install as one package: `viz/` as
`supplysim.viz`, `scenarios/` as `supplysim.scenarios`. Of `docs/` only what the app shows is installed: reports, and
the facilitator's kit.
"""

import hashlib
from pathlib import Path

from setuptools import find_namespace_packages, setup
from setuptools.command.sdist import sdist

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1 the command was the package wheel's: its own tags, without object code
    bdist_wheel = None

DATA = [
    *("*.csv", "*.toml", "*.md", "*.vue", "*.parquet", "*.npz", "*.js", "*.css", "*.svg", "*.json", "*.woff2", "*.txt"),
    *("*.html", "*.so", ".complete", "*.po", "*.pot"),
]
# Those of viz/pages.py: REPORTS.
SHOWN = ["calibration.md", "calibration-2025.md", "predictions-2025.md", "predictions-2027.md"]
SHOWN += ["scoreboard.md", "sensitivity.md"]
SHOWN += ["teaching/**/*.md", "teaching/**/handouts/*.html"]  # viz/kit.py


def packages(folder, name):
    """Return a folder and all folders below it, those that hold only data too, under the installed name."""
    below = find_namespace_packages(folder, exclude=["__pycache__", "*.__pycache__"])
    return [name, *(f"{name}.{package}" for package in below)]


def refuse_without_web_files():
    """End a release that would lack the app's web files, which are fetched and not kept in the source tree."""
    mark = Path("viz/assets/cdn/.complete")
    pinned = hashlib.sha256(Path("viz/web.json").read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text("utf-8").strip() != pinned:
        raise SystemExit("viz/assets/cdn: the web files of viz/web.json are not there; python -m supplysim.viz.fetch")


class Source(sdist):
    """An archive of the source with the app's web files."""

    def run(self):
        refuse_without_web_files()
        super().run()


if bdist_wheel is not None:

    class Wheel(bdist_wheel):
        """A wheel for any Python 3; with object code of the model (`make wheel`) for this system alone."""

        def finalize_options(self):
            super().finalize_options()
            self.root_is_pure = not any(Path("supplysim/objects").glob("*.so"))

        def run(self):
            if not self.root_is_pure:
                refuse_without_web_files()
            super().run()

        def get_tag(self):
            return ("py3", "none", "any" if self.root_is_pure else super().get_tag()[2])


folders = [
    *packages("supplysim", "supplysim"),
    *packages("viz", "supplysim.viz"),
    *packages("scenarios", "supplysim.scenarios"),
]
setup(
    cmdclass={"sdist": Source} | ({} if bdist_wheel is None else {"bdist_wheel": Wheel}),
    packages=[*folders, "supplysim.docs"],
    package_data=dict.fromkeys(folders, [f"**/{pattern}" for pattern in DATA]) | {"supplysim.docs": SHOWN},
)
