"""Handouts: every lesson as pages to print, made from the same files as the app. Also a teacher's copy with answers.

Run as ``python -m docs.writers.handouts docs/teaching/handouts``; with ``--pdf out/handouts`` Chromium prints them.
``python -m docs.writers.handouts docs/teaching/de/handouts --language de`` writes them in another language.
"""

from __future__ import annotations

import argparse
from html import escape
from pathlib import Path

from docs.writers.paper import document, print_pdf
from supplysim.language import ENGLISH, LANGUAGES, gettext, gettext_noop, language, ngettext, numerals, speaking
from supplysim.lessons.graph import figures
from supplysim.lessons.lesson import CONFIDENCE, Lesson, judged
from supplysim.lessons.library import folder, lessons, originals
from supplysim.lessons.prose import as_html
from supplysim.lessons.results import Found, Results, provenance, stored, written
from supplysim.lessons.roles import cards
from supplysim.lessons.words import LEDGER_WORDS, explore_link, interval, learn_link
from supplysim.policies import levers


def student(lesson: Lesson, results: Results) -> str:
    """Return a lesson for learners: the question on one sheet, what the model shows on the next."""
    return (
        f'<section class="page">{_question(lesson)}</section><section class="page">{_answer(lesson, results)}</section>'
    )


def _head(lesson: Lesson, note: str) -> str:
    d = lesson.document
    number = gettext("Capstone") if lesson.opening.capstone else gettext("Lesson {n}", n=d.number)
    above = gettext("supplysim · {lesson} · {minutes} minutes · {note}", lesson=number, minutes=d.minutes, note=note)
    return f'<div class="head"><small>{above}</small><h1>{escape(d.title)}</h1>{escape(d.objective)}</div>'


def _question(lesson: Lesson) -> str:
    opening = lesson.opening
    options = "".join(f"<li>{escape(option)}</li>" for option in opening.options)
    sure = " &nbsp; ".join(f"☐ {gettext(word)} ({percent} %)" for percent, word in CONFIDENCE.items())
    link = f"<code>{escape(_spoken(learn_link(lesson)))}</code>"
    return (
        _head(lesson, gettext("before you look"))
        + as_html(opening.before)
        + f'<h2>{gettext("1 Predict")}</h2><div class="box"><p><b>{escape(opening.question)}</b></p>'
        + f'<ul class="options">{options}</ul>'
        + f"<p>{gettext('How sure are you?')} &nbsp; {sure}</p><p>{gettext('My reason:')}</p>{_lines(2)}</div>"
        + f'<div class="box stop">{gettext("Stop here. Turn over only when your answer is written down.")}</div>'
        + f"<h2>{gettext('2 Run')}</h2>"
        + f"<p>{gettext('On a computer: open {link}. On paper: turn over.', link=link)}</p>"
    )


def _spoken(link: str) -> str:
    """Return a link to the app that opens it in the language spoken here."""
    return link if language() == ENGLISH else f"{link}{'&' if '?' in link else '?'}lang={language()}"


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
    names = "; ".join(dict.fromkeys(f"{_lever(name)} (<code>{escape(name)}</code>)" for name in d.try_.levers))
    start = f"<code>{escape(_spoken(explore_link(lesson)))}</code>"
    columns = (gettext("Try"), gettext("My package"), gettext("What I expect"), gettext("What came out"))
    legend = gettext(
        "Grey: the rules of 2024. Green: <b>{policy}</b>, from January 2025. "
        "Line: the middle of {pairs} pairs of runs. Band: nine in ten of them.",
        policy=escape(arm.title),
        pairs=64,
    )
    return (
        _head(lesson, gettext("after your prediction"))
        + f"<p>{legend}</p>"
        + "".join(figures(results.series, measure) for measure in d.run.measures[:2])
        + f"<h2>{gettext('3 Notice')}</h2>{notice}<h2>{gettext('4 Explain')}</h2>"
        + as_html(lesson.prose["Explain"], lambda text: lesson.filled(text, results))
        + (_ledger(results) if d.run.ledger else "")
        + f'<p class="caution"><b>{gettext("Caution.")}</b> {escape(d.caution)}</p>'
        + f"<h2>{gettext('5 Try')}</h2><p>{escape(d.try_.task)} {_moves(d.try_.moves)}</p>"
        + f"<ul>{goals}</ul>"
        + f'<p class="small">{gettext("Levers: {names}. Start from {link}", names=names, link=start)}</p>'
        + f'<table class="moves"><tr>{"".join(f"<th>{column}</th>" for column in columns)}</tr>'
        + f"{rows}</table>"
        + f'<p class="small">{gettext("Hint, if you are stuck: {hint}", hint=escape(d.try_.hint))}</p>'
        + f"<h2>{gettext('6 Check')}</h2>{questions}"
        + f'<div class="box">{as_html(lesson.prose["Remember"], lambda text: lesson.filled(text, results))}</div>'
    )


def _lever(name: str) -> str:
    """Return the title of a lever inside a sentence: English writes it small."""
    title = gettext(levers()[name.partition(":")[0]].title)
    return title.lower() if language() == ENGLISH else title


TWO_TO_SIX = (
    *(gettext_noop("two"), gettext_noop("three"), gettext_noop("four")),
    *(gettext_noop("five"), gettext_noop("six")),
)


def _moves(moves: int) -> str:
    return ngettext(
        "At most one lever, at full or half strength.",
        "At most {n} levers, at full or half strength.",
        moves,
        n=gettext(TWO_TO_SIX[moves - 2]),
    )


def _choices(question: object) -> str:
    options = getattr(question, "options", [])
    return "<br>" + " &nbsp; ".join(f"☐ {escape(option.text)}" for option in options) if options else ""


def _lines(count: int) -> str:
    return f'<div class="lines">{"<div></div>" * count}</div>'


def _ledger(results: Results) -> str:
    ledger = results.ledger
    rows = "".join(
        f'<tr><td>{escape(gettext(words))}</td><td class="n">{written(ledger[entry].value, "count")}</td></tr>'
        for entry, words in LEDGER_WORDS.items()
    )
    prevented = ledger["prevented"]
    head = (
        gettext("Chips kept out in two years")
        if prevented.value >= 0
        else gettext("Chips kept out in two years (negative: more arrived)")
    )
    note = gettext("The ledger: mean of {pairs} pairs. The four parts add up to the first line.", pairs=64)
    return (
        f'<table><tr><th>{head}</th><th class="n">{written(prevented.value, "count")}</th></tr>{rows}</table>'
        f'<p class="small">{note}</p>'
    )


def teacher(lesson: Lesson, results: Results) -> str:
    """Return the teacher's copy of a lesson: answers, numbers, a solution, rubrics, what people get wrong."""
    d, original = lesson.document, originals()[lesson.id]
    answers = "".join(
        f'<li class="{it.verdict}">{escape(it.text)}</li>'
        for it in judged(d.predict.options, results.found[d.predict.finding])
    )
    names = (gettext("predict"), gettext("run and notice"), gettext("explain"), gettext("try"), gettext("check"))
    timing = ", ".join(f"{name} {minutes}" for name, minutes in zip(names, d.teacher.timing, strict=True))
    checks = ""
    for number, question in enumerate(d.check, 1):
        points = "".join(f"<li>{escape(point)}</li>" for point in question.rubric)
        best = ""
        if question.finding is not None:
            found = judged(question.options, results.found[question.finding])
            shown = escape(next(it.text for it in found if it.verdict == "best"))
            best = f"<p>{gettext('The model shows: <b>{answer}</b>', answer=shown)}</p>"
        checks += f"<p><b>{number}.</b> {escape(question.question)}</p>{best}<ul>{points}</ul>"
    goals = "".join(
        f'<tr><td>{escape(goal.text)}</td><td class="n">{written(results.found[f"nothing.{i}"].value, goal.form)}</td>'
        f'<td class="n">{written(results.found[f"solution.{i}"].value, goal.form)}</td></tr>'
        for i, goal in enumerate(d.try_.goal)
    )
    findings = "".join(_row(it.text, results.found[it.key], it.form) for it in d.findings)
    about = gettext(
        "Minutes: {timing}. Needs: {needs}. Read aloud: {aloud} minutes. Flesch-Kincaid grade: {grade}. "
        "After the prediction: {link}",
        timing=timing,
        needs=escape(", ".join(d.needs) or gettext("nothing")),
        aloud=numerals(f"{original.minutes_aloud:.1f}"),
        grade=numerals(f"{original.grade:.1f}"),
        link=f"<code>{escape(_spoken(explore_link(lesson)))}</code>",
    )
    solution = f"<code>{escape(d.try_.solution)}</code>"
    return (
        f'<section class="page teacher">{_head(lesson, gettext("for the teacher"))}<p class="small">{about}</p>'
        f"<h2>{gettext('Prediction')}</h2><p>{escape(d.predict.question)}</p><ul>{answers}</ul>"
        f"<h2>{gettext('What people often get wrong')}</h2>{as_html(lesson.prose['Misread'])}"
        f"<h2>{gettext('Try: one solution is {package}', package=solution)}</h2>"
        f"<table>{_heads(gettext('Goal'), gettext('nothing done'), gettext('solution'))}{goals}</table>"
        f"<h2>{gettext('Check')}</h2>{checks}<h2>{gettext('What the model shows')}</h2>"
        f"<table>{_heads(gettext('Finding'), gettext('value'), gettext('90 % interval'))}{findings}</table></section>"
    )


def _heads(first: str, *numbers: str) -> str:
    columns = "".join(f'<th class="n">{head}</th>' for head in numbers)
    return f"<tr><th>{first}</th>{columns}</tr>"


def _row(text: str, found: Found, form: str) -> str:
    return (
        f'<tr><td>{escape(text)}</td><td class="n">{written(found.value, form)}</td>'
        f'<td class="n">{interval(found, form)}</td></tr>'
    )


def pages() -> dict[str, str]:
    """Return every handout in the language spoken here: file name -> HTML."""
    results, made = stored(folder()), provenance(folder())
    found = {}
    for lesson in lessons().values():
        stem = f"{lesson.document.number:02d}-{lesson.id}"
        found[f"{stem}.html"] = document(lesson.document.title, student(lesson, results[lesson.id]), made)
    copies = "".join(teacher(lesson, results[lesson.id]) for lesson in lessons().values())
    teaching = document(gettext("Lessons: the teacher's copy"), copies, made)
    return {**found, "teacher.html": teaching, "role-cards.html": document(gettext("Role play: cards"), cards())}


MARKS = "<!-- lessons -->\n", "<!-- /lessons -->"


def index() -> str:
    """Return the table of the lessons for the kit's front page, in Markdown."""
    heads = (
        *(gettext("Lesson"), gettext("You learn to"), gettext("Minutes"), gettext("Read aloud")),
        *(gettext("Grade"), gettext("Handout")),
    )
    rows = [f"| | {' | '.join(heads)} |", "|---|---|---|---|---|---|---|"]
    for lesson in lessons().values():
        d, original = lesson.document, originals()[lesson.id]
        stem = f"{d.number:02d}-{d.id}"
        aim = d.objective.rstrip(".")
        aim = aim[0].lower() + aim[1:] if language() == ENGLISH else aim
        aloud, grade = (numerals(f"{number:.1f}") for number in (original.minutes_aloud, original.grade))
        rows.append(
            f"| {d.number} | [{d.title}]({_spoken(learn_link(lesson))}) | {aim} | {d.minutes} | {aloud} | {grade} | "
            f"[{gettext('print')}](handouts/{stem}.html) |"
        )
    return "\n".join(rows) + "\n"


def with_index(text: str) -> str:
    """Return the kit's front page with the table of lessons between its marks."""
    before, _, rest = text.partition(MARKS[0])
    return before + MARKS[0] + index() + MARKS[1] + rest.partition(MARKS[1])[2]


def write(target: Path) -> list[Path]:
    """Write the handouts, and the table of the kit's front page beside them if it is there; return the HTML files."""
    target.mkdir(parents=True, exist_ok=True)
    files = []
    for name, html in pages().items():
        (target / name).write_text(html, encoding="utf-8")
        files.append(target / name)
    front = target.parent / "README.md"
    if front.is_file() and MARKS[0] in front.read_text("utf-8"):
        front.write_text(with_index(front.read_text("utf-8")), encoding="utf-8")
    return files


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description="Write the handouts of all lessons.")
    reader.add_argument("folder", type=Path, help="for example docs/teaching/handouts")
    reader.add_argument("--pdf", type=Path, metavar="DIR", help="print them to PDF with Chromium as well")
    reader.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help="the language of the handouts")
    given = reader.parse_args()
    with speaking(given.language):
        written_files = write(given.folder)
    if given.pdf:
        print_pdf(written_files, given.pdf)
