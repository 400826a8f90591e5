"""Pages to print: one HTML file that needs nothing else, and its PDF by Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path

from supplysim.language import gettext, language

FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --no-pdf-header-footer"
STYLE = """
@page { size: A4; margin: 15mm 16mm 14mm }
* { box-sizing: border-box }
body { font: 11pt/1.42 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #1b2733 }
body { max-width: 178mm; margin: 0 auto; padding: 0 2mm }
h1 { font-size: 19pt; line-height: 1.15; margin: 0 0 2mm }
h2 { font-size: 12.5pt; margin: 5mm 0 1.5mm; color: #0e5e5a; break-after: avoid }
h3 { font-size: 11pt; margin: 3mm 0 1mm; break-after: avoid }
p, ul, ol { margin: 0 0 2.2mm } li { margin-bottom: .8mm }
.head { border-bottom: 1.2pt solid #0e5e5a; margin-bottom: 3mm; padding-bottom: 1.5mm } .head small { color: #52606d }
.page { break-after: page } .page:last-child { break-after: auto }
.box { border: .8pt solid #9aa8b3; border-radius: 2mm; padding: 2.5mm 3.5mm; margin: 2.5mm 0; break-inside: avoid }
.stop { background: #fdf1e3; border-color: #b4641c; font-weight: 600 }
.options { list-style: none; padding: 0 } .options li::before { content: "☐ "; font-size: 13pt }
.lines div { border-bottom: .6pt solid #9aa8b3; height: 7.5mm }
table { border-collapse: collapse; width: 100%; margin: 1.5mm 0 3mm; font-size: 10pt; break-inside: avoid }
th, td { border-bottom: .5pt solid #c3ccd3; padding: 1mm 1.5mm; text-align: left; vertical-align: top }
td.n, th.n { text-align: right; white-space: nowrap }
.teacher { font-size: 10pt } .teacher table { font-size: 9pt } .cards .moves td { height: 20mm }
.moves td { height: 9mm; border: .6pt solid #9aa8b3 } .moves th { border: .6pt solid #9aa8b3 }
.small { font-size: 9pt; color: #52606d } .caution { border-left: 3pt solid #b4641c; padding-left: 3mm }
code { font-size: 9pt; word-break: break-all } svg { width: 49.5%; height: auto; break-inside: avoid }
figure { margin: 1mm 0 2mm; break-inside: avoid } figcaption { font-size: 9.5pt; color: #52606d }
.best { font-weight: 700 } .best::after { content: "  ← %s" }
.open::after { content: "  ← %s" }
"""


def document(title: str, body: str, made: str = "") -> str:
    """Return a whole HTML file in the language spoken here, with all it needs inside."""
    foot = gettext(
        "Numbers: {made}. supplysim compares policies under stated assumptions; it is no forecast.", made=made
    )
    foot = f'<p class="small foot">{escape(foot)}</p>'
    rules, _, marks = STYLE.rpartition("\n.best")
    style = f"{rules}\n.best{marks % (gettext('what the model shows'), gettext('cannot be ruled out'))}"
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f"<body>{_before_last(body, '</section>', foot) if made else body}</body></html>\n"
    )


def _before_last(text: str, mark: str, added: str) -> str:
    """Return a text with something put before the last mark, so that a footnote gets no page of its own."""
    before, found, after = text.rpartition(mark)
    return before + added + found + after


def print_pdf(files: Sequence[Path], target: Path) -> list[Path]:
    """Print HTML files with Chromium.

    Raises
    ------
    FileNotFoundError
        If no Chromium is installed.
    """
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise FileNotFoundError("no Chromium found; print the HTML files from any browser instead")
    target.mkdir(parents=True, exist_ok=True)
    printed = []
    for file in files:
        pdf = target / f"{file.stem}.pdf"
        command = [browser, *FLAGS.split(), f"--print-to-pdf={pdf.absolute()}", file.absolute().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        printed.append(pdf)
    return printed
