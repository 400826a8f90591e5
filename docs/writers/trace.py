"""TRACE (Grimm et al. 2014): what was done so that the model can be trusted, each claim with its proof: docs/trace.md.

Run as ``python -m docs.writers.trace`` in a source tree. A claim whose test or document is missing is an error.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from supplysim.evidence.tables import read
from supplysim.report.markdown import notice, table

COMMAND = "python -m docs.writers.trace"
CLAIMS = "docs/trace.csv"


class Claim(NamedTuple):
    """One claim of a TRACE element, and the test (``tests/file.py::name``) or document that shows it."""

    element: str
    claim: str
    proof: str


def claims(root: Path) -> list[Claim]:
    """Return the claims of a source tree, each with a proof that exists.

    Raises
    ------
    ValueError
        If a test or document does not exist; names the claim.
    """
    found = [Claim(**row) for row in read(root / CLAIMS)]
    for claim in found:
        path, _, test = claim.proof.partition("::")
        file = root / path
        if not file.is_file() or (test and f"def {test}(" not in file.read_text("utf-8")):
            raise ValueError(
                f"{CLAIMS}: {claim.claim!r} rests on {claim.proof}, which does not exist; correct the proof"
            )
    return found


def document(found: Sequence[Claim]) -> str:
    """Return the claims as Markdown, element by element."""
    parts = [
        notice(COMMAND),
        "# TRACE",
        "What was done so that the model can be trusted for its purpose, after Grimm et al. (2014). Every claim "
        "points to a test that fails if it is wrong, or to a document made from runs. The model explores and "
        "compares; it does not forecast.",
    ]
    for element, members in groupby(found, key=lambda claim: claim.element):
        rows = [(claim.claim, _link(claim.proof)) for claim in members]
        parts += [f"## {element}", table(("claim", "shown by"), rows)]
    return "\n\n".join(parts) + "\n"


def _link(proof: str) -> str:
    path, _, test = proof.partition("::")
    target = path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"
    return f"[{(test or path).replace('_', ' ')}]({target})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Check the claims and write the document."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    root = parser.parse_args(arguments).root
    (root / "docs" / "trace.md").write_text(document(claims(root)), encoding="utf-8")


if __name__ == "__main__":
    main()
