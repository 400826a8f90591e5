"""The gallery: figures that commands make, each above the command that made it.

python -m docs.writers.gallery {work} docs
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from supplysim.edition import stamp
from supplysim.report.figures import PICTURES
from supplysim.report.markdown import notice

MIX = "border=0.5+whistleblower+enforcement_budget"
CAPTIONS = {picture.name: picture.caption for picture in PICTURES}


class Study(NamedTuple):
    """A comparison, and the figures of it that are shown."""

    name: str
    title: str
    words: tuple[str, ...]
    shown: tuple[str, ...]
    told: str
    page: str  # where more is said


class Kept(NamedTuple):
    """A picture that another step makes, or a screen of the app."""

    file: str
    title: str
    command: str
    told: str
    page: str


STUDIES = (
    Study(
        "packages",
        "Three levers, and the three together",
        ("baseline-2027", "-p", "border=0.5", "-p", "whistleblower", "-p", "enforcement_budget", "-p", MIX),
        ("effects", "fan", "waterfall", "frontier"),
        "The four figures of every comparison.",
        "experiments.md",
    ),
    Study(
        "laws",
        "Bills of Congress",
        (
            "baseline-2027",
            "-p",
            "chip-security-act",
            "-p",
            "stop-stealing-our-chips",
            "-p",
            "remote-access-security-act",
        ),
        ("effects",),
        "Bill cards are compared like levers; a bill counts as law from the day it would be in force.",
        "bill-effects.md",
    ),
    Study(
        "lenses",
        "Another good, another world",
        ("baseline-2024", "-p", "close_country:SG", "-p", "border", "-p", "buyer_list", "--world", "teaching"),
        ("waterfall",),
        "A world pack with an invented good: the figure has its words and says which world it is of.",
        "world-packs.md",
    ),
)
KEPT = (
    Kept(
        "calibration-2025.png",
        "What the published volumes leave of the assumptions",
        "supplysim calibrate --seed 2024 --draws 4096 --to 2025",
        "Volume, parameters and recovery.",
        "calibration-2025.md",
    ),
    Kept(
        "sensitivity.png",
        "What the answer hangs on",
        "make results",
        "Shares of the variance of deliveries by parameter.",
        "sensitivity.md",
    ),
    Kept(
        "app-explore.png", "The app: Explore", "supplysim app", "Levers, outcomes and figures while they run.", "app.md"
    ),
    Kept("app-learn.png", "The app: a lesson", "supplysim app", "A prediction against what the model shows.", "app.md"),
)
PAIRS = "32"


def command(study: Study, out: str) -> list[str]:
    """Return the command of a study as it is typed."""
    return ["supplysim", "compare", *study.words, "--pairs", PAIRS, "--seed", "7", "--out", out]


def draw(study: Study, work: Path, pictures: Path) -> None:
    """Run a study, or look it up, and take its figures."""
    _, *words = command(study, str(work / study.name))
    subprocess.run([sys.executable, "-m", "supplysim", *words], check=True, stdout=subprocess.DEVNULL)
    for name in study.shown:
        shutil.copyfile(work / study.name / f"{name}.svg", pictures / f"{study.name}-{name}.svg")


def page() -> Iterator[str]:
    """Yield the paragraphs of the page."""
    yield notice("python -m docs.writers.gallery out/gallery docs", stamp())
    yield "# Gallery"
    yield (
        "Every figure is made by the command below it, from worlds under stated assumptions; none is a forecast. "
        f"Figures of comparisons are of {PAIRS} pairs, and lie as SVG and PNG in the folder that `--out` names."
    )
    for study in STUDIES:
        yield f"## {study.title}"
        yield f"{study.told} More: [{study.page}]({study.page})."
        for name in study.shown:
            yield f"![{CAPTIONS[name]}](gallery/{study.name}-{name}.svg)\n\n*{CAPTIONS[name]}*"
        yield f"```sh\n{shlex.join(command(study, f'out/{study.name}'))}\n```"
    for kept in KEPT:
        yield f"## {kept.title}"
        yield f"![{kept.told}]({kept.file})\n\n*{kept.told}* More: [{kept.page}]({kept.page})."
        yield f"```sh\n{kept.command}\n```"


def main(work: str, docs: str) -> None:
    """Draw the figures and write the page."""
    pictures = Path(docs) / "gallery"
    pictures.mkdir(exist_ok=True)
    for study in STUDIES:
        draw(study, Path(work), pictures)
    (Path(docs) / "gallery.md").write_text("\n\n".join(page()) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
