"""Handouts: every lesson as pages to print, made from the same files as the app. Also a teacher's copy with answers.

Run as ``python -m docs.writers.handouts docs/teaching/handouts``; with ``--pdf out/handouts`` Chromium prints them.
"""

from __future__ import annotations

import argparse
from html import escape
from pathlib import Path

from docs.writers.paper import document, print_pdf
from supplysim.lessons.graph import figures
from supplysim.lessons.lesson import CONFIDENCE, Lesson, judged
from supplysim.lessons.library import folder, lessons
from supplysim.lessons.prose import as_html
from supplysim.lessons.results import Found, Results, provenance, stored, written
from supplysim.lessons.words import LEDGER_WORDS, explore_link, learn_link
from supplysim.policies import levers


def student(lesson: Lesson, results: Results) -> str:
    """Return a lesson for learners: the question on one sheet, what the model shows on the next."""
    return (
        f'<section class="page">{_question(lesson)}</section><section class="page">{_answer(lesson, results)}</section>'
    )


def _head(lesson: Lesson, note: str) -> str:
    d = lesson.document
    number = "Capstone" if lesson.opening.capstone else f"Lesson {d.number}"
    return (
        f'<div class="head"><small>supplysim · {number} · {d.minutes} minutes · {note}</small>'
        f"<h1>{escape(d.title)}</h1>{escape(d.objective)}</div>"
    )


def _question(lesson: Lesson) -> str:
    opening = lesson.opening
    options = "".join(f"<li>{escape(option)}</li>" for option in opening.options)
    sure = " &nbsp; ".join(f"☐ {word} ({percent} %)" for percent, word in CONFIDENCE.items())
    return (
        _head(lesson, "before you look")
        + as_html(opening.before)
        + f'<h2>1 Predict</h2><div class="box"><p><b>{escape(opening.question)}</b></p>'
        + f'<ul class="options">{options}</ul>'
        + f"<p>How sure are you? &nbsp; {sure}</p><p>My reason:</p>{_lines(2)}</div>"
        + '<div class="box stop">Stop here. Turn over only when your answer is written down.</div>'
        + "<h2>2 Run</h2><p>On a computer: open "
        + f"<code>{escape(learn_link(lesson))}</code>. On paper: turn over.</p>"
    )


def _answer(lesson: Lesson, results: Results) -> str:
    d = lesson.document
    arm = lesson.arms[d.run.arm]
    notice = "".join(f"<p>{escape(lesson.filled(item, results))}</p>{_lines(1)}" for item in d.notice)
    goals = "".join(f"<li>{escape(goal.text)}</li>" for goal in d.try_.goal)
    rows = "".join(
        f"<tr><td>{move}</td><td></td><td></td><td></td></tr>" for move in range(1, max(d.try_.moves, 2) + 1)
    )
    questions = "".join(
        f"<p><b>{n}.</b> {escape(q.question)}{_choices(q)}</p>{_lines(2)}" for n, q in enumerate(d.check, 1)
    )
    names = "; ".join(
        dict.fromkeys(
            f"{levers()[name.partition(':')[0]].title.lower()} (<code>{escape(name)}</code>)" for name in d.try_.levers
        )
    )
    return (
        _head(lesson, "after your prediction")
        + f"<p>Grey: the rules of 2024. Green: <b>{escape(arm.title)}</b>, from January 2025. "
        + "Line: the middle of 64 pairs of runs. Band: nine in ten of them.</p>"
        + "".join(figures(results.series, measure) for measure in d.run.measures[:2])
        + f"<h2>3 Notice</h2>{notice}<h2>4 Explain</h2>"
        + as_html(lesson.prose["Explain"], lambda text: lesson.filled(text, results))
        + (_ledger(results) if d.run.ledger else "")
        + f'<p class="caution"><b>Caution.</b> {escape(d.caution)}</p>'
        + f"<h2>5 Try</h2><p>{escape(d.try_.task)} At most {_moves(d.try_.moves)}, at full or half strength.</p>"
        + f"<ul>{goals}</ul>"
        + f'<p class="small">Levers: {names}. Start from <code>{escape(explore_link(lesson))}</code></p>'
        + '<table class="moves"><tr><th>Try</th><th>My package</th><th>What I expect</th><th>What came out</th></tr>'
        + f"{rows}</table>"
        + f'<p class="small">Hint, if you are stuck: {escape(d.try_.hint)}</p>'
        + f"<h2>6 Check</h2>{questions}"
        + f'<div class="box">{as_html(lesson.prose["Remember"], lambda text: lesson.filled(text, results))}</div>'
    )


def _moves(moves: int) -> str:
    return "one lever" if moves == 1 else f"{ {2: 'two', 3: 'three', 4: 'four', 5: 'five', 6: 'six'}[moves] } levers"


def _choices(question: object) -> str:
    options = getattr(question, "options", [])
    return "<br>" + " &nbsp; ".join(f"☐ {escape(option.text)}" for option in options) if options else ""


def _lines(count: int) -> str:
    return f'<div class="lines">{"<div></div>" * count}</div>'


def _ledger(results: Results) -> str:
    ledger = results.ledger
    rows = "".join(
        f'<tr><td>{escape(words)}</td><td class="n">{written(ledger[entry].value, "count")}</td></tr>'
        for entry, words in LEDGER_WORDS.items()
    )
    prevented = ledger["prevented"]
    head = (
        "Chips kept out in two years"
        if prevented.value >= 0
        else "Chips kept out in two years (negative: more arrived)"
    )
    return (
        f'<table><tr><th>{head}</th><th class="n">{written(prevented.value, "count")}</th></tr>{rows}</table>'
        '<p class="small">The ledger: mean of 64 pairs. The four parts add up to the first line.</p>'
    )


def teacher(lesson: Lesson, results: Results) -> str:
    """Return the teacher's copy of a lesson: answers, numbers, a solution, rubrics, what people get wrong."""
    d = lesson.document
    answers = "".join(
        f'<li class="{it.verdict}">{escape(it.text)}</li>'
        for it in judged(d.predict.options, results.found[d.predict.finding])
    )
    names = ("predict", "run and notice", "explain", "try", "check")
    timing = ", ".join(f"{name} {minutes}" for name, minutes in zip(names, d.teacher.timing, strict=True))
    checks = ""
    for number, question in enumerate(d.check, 1):
        points = "".join(f"<li>{escape(point)}</li>" for point in question.rubric)
        best = ""
        if question.finding is not None:
            found = judged(question.options, results.found[question.finding])
            best = f"<p>The model shows: <b>{escape(next(it.text for it in found if it.verdict == 'best'))}</b></p>"
        checks += f"<p><b>{number}.</b> {escape(question.question)}</p>{best}<ul>{points}</ul>"
    goals = "".join(
        f'<tr><td>{escape(goal.text)}</td><td class="n">{written(results.found[f"nothing.{i}"].value, goal.form)}</td>'
        f'<td class="n">{written(results.found[f"solution.{i}"].value, goal.form)}</td></tr>'
        for i, goal in enumerate(d.try_.goal)
    )
    findings = "".join(_row(it.text, results.found[it.key], it.form) for it in d.findings)
    return (
        f'<section class="page teacher">{_head(lesson, "for the teacher")}'
        f'<p class="small">Minutes: {timing}. Needs: {escape(", ".join(d.needs) or "nothing")}. '
        f"Read aloud: {lesson.minutes_aloud:.1f} minutes. Flesch-Kincaid grade: {lesson.grade:.1f}. "
        f"After the prediction: <code>{escape(explore_link(lesson))}</code></p>"
        f"<h2>Prediction</h2><p>{escape(d.predict.question)}</p><ul>{answers}</ul>"
        f"<h2>What people often get wrong</h2>{as_html(lesson.prose['Misread'])}"
        f"<h2>Try: one solution is <code>{escape(d.try_.solution)}</code></h2>"
        f'<table><tr><th>Goal</th><th class="n">nothing done</th><th class="n">solution</th></tr>{goals}</table>'
        f"<h2>Check</h2>{checks}<h2>What the model shows</h2>"
        '<table><tr><th>Finding</th><th class="n">value</th><th class="n">90 % interval</th></tr>'
        f"{findings}</table></section>"
    )


def _row(text: str, found: Found, form: str) -> str:
    interval = f"{written(found.low, form)} to {written(found.high, form)}"
    return (
        f'<tr><td>{escape(text)}</td><td class="n">{written(found.value, form)}</td><td class="n">{interval}</td></tr>'
    )


def pages() -> dict[str, str]:
    """Return every handout: file name -> HTML."""
    results, made = stored(folder()), provenance(folder())
    found = {}
    for lesson in lessons().values():
        stem = f"{lesson.document.number:02d}-{lesson.id}"
        found[f"{stem}.html"] = document(lesson.document.title, student(lesson, results[lesson.id]), made)
    copies = "".join(teacher(lesson, results[lesson.id]) for lesson in lessons().values())
    return {**found, "teacher.html": document("Lessons: the teacher's copy", copies, made)}


MARKS = "<!-- lessons -->\n", "<!-- /lessons -->"


def index() -> str:
    """Return the table of the lessons for the kit's front page, in Markdown."""
    rows = ["| | Lesson | You learn to | Minutes | Read aloud | Grade | Handout |", "|---|---|---|---|---|---|---|"]
    for lesson in lessons().values():
        d = lesson.document
        stem = f"{d.number:02d}-{d.id}"
        aim = d.objective[0].lower() + d.objective[1:].rstrip(".")
        rows.append(
            f"| {d.number} | [{d.title}]({learn_link(lesson)}) | {aim} | {d.minutes} | {lesson.minutes_aloud:.1f} | "
            f"{lesson.grade:.1f} | [print](handouts/{stem}.html) |"
        )
    return "\n".join(rows) + "\n"


def with_index(text: str) -> str:
    """Return the kit's front page with the table of lessons between its marks."""
    before, _, rest = text.partition(MARKS[0])
    return before + MARKS[0] + index() + MARKS[1] + rest.partition(MARKS[1])[2]


def write(target: Path) -> list[Path]:
    """Write the handouts, and the table of the kit's front page beside them if it is there; return the HTML files."""
    from supplysim.lessons.roles import cards

    target.mkdir(parents=True, exist_ok=True)
    files = []
    for name, html in (pages() | {"role-cards.html": document("Role play: cards", cards())}).items():
        (target / name).write_text(html, encoding="utf-8")
        files.append(target / name)
    front = target.parent / "README.md"
    if front.is_file() and MARKS[0] in front.read_text("utf-8"):
        front.write_text(with_index(front.read_text("utf-8")), encoding="utf-8")
    return files


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description="Write the handouts of all lessons.")
    reader.add_argument("folder", type=Path)
    reader.add_argument("--pdf", type=Path, metavar="DIR", help="print them to PDF with Chromium as well")
    given = reader.parse_args()
    written_files = write(given.folder)
    if given.pdf:
        print_pdf(written_files, given.pdf)
