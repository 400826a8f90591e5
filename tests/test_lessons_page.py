"""`supplysim export --lessons`: the lessons as one file, what they show hidden until a prediction is locked."""

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from docs.writers.messages import CALL
from supplysim.cli import main
from supplysim.language import PSEUDO
from supplysim.lessons import lessons, results
from supplysim.lessons import page as teaching
from supplysim.lessons.lesson import judged
from supplysim.lessons.page import page
from supplysim.lessons.words import span


@pytest.fixture(scope="module")
def text():
    return page()


@pytest.fixture(scope="module")
def told(text):
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(data)["lessons"]


def locked(told):
    return json.loads(b64decode(told["locked"]))


def test_the_page_has_every_lesson_in_order_and_fetches_nothing(text, told):
    assert [one["id"] for one in told] == list(lessons())
    assert not re.search(r'(src|href)="(?!#)', text)
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert "{{" not in text
    assert len(text) < 400_000


def test_nothing_that_a_lesson_finds_can_be_read_before_it_is_unlocked(text, told):
    kept = results()
    for one, mine in zip(told, lessons().values(), strict=True):
        found = kept[mine.id].found[mine.document.predict.finding]
        shown = json.dumps({key: value for key, value in one.items() if key != "locked"}, ensure_ascii=False)
        assert span(found, mine.forms[mine.document.predict.finding]) not in shown
        assert mine.prose["Remember"] not in text
        assert mine.document.caution not in text


def test_what_is_unlocked_is_what_the_lesson_shows(told):
    kept = results()
    for one, mine in zip(told, lessons().values(), strict=True):
        after, d = locked(one), mine.document
        found = kept[mine.id].found[d.predict.finding]
        assert after["result"] == span(found, mine.forms[d.predict.finding])
        assert after["answers"] == [it.verdict for it in judged(d.predict.options, found)]
        assert len(after["answers"]) == len(one["options"])
        assert "{{" not in json.dumps(after)
        assert all("<svg" in graph for graph in (*after["graphs"], *after["later"]) if graph)
        assert after["graphs"]
        assert [it["question"] for it in after["check"]] == [it.question for it in d.check]


def test_a_lesson_that_begins_with_the_public_record_keeps_the_truth_for_later(told):
    (public,) = (one for one in told if one["id"] == "record-seizures")
    after = locked(public)
    assert after["public"]
    assert all("in the news" in graph for graph in after["graphs"])
    assert after["later"]
    assert not any(locked(one)["public"] for one in told if one["id"] != "record-seizures")


def test_the_command_writes_the_page(tmp_path, capsys):
    file = tmp_path / "lessons.html"
    assert main(["export", str(file), "--lessons"]) == 0
    assert "opens from disk, without a connection" in capsys.readouterr().out
    assert file.read_text("utf-8") == page()


def test_the_command_writes_the_page_in_a_language(tmp_path):
    file = tmp_path / "lessons.html"
    assert main(["export", str(file), "--lessons", "--language", PSEUDO]) == 0
    text = file.read_text("utf-8")
    assert f'<html lang="{PSEUDO}">' in text
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    spoken = json.loads(data)["spoken"]
    said = {
        one.strip('"') for _, one, _ in CALL.findall((Path(teaching.__file__).parent / "page.js").read_text("utf-8"))
    }
    assert said <= set(spoken["messages"])
    shown = re.sub(r"<(style|script|code|span)\b.*?</\1>|<[^>]*>", "", text, flags=re.DOTALL)
    plain = [word for word in re.findall(r"[^\W\d_]{2,}", shown) if word.isascii() and re.search("[aeiouy]", word)]
    assert plain == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["export", "lessons.html", "--lessons", "--language", "xx"], "there is no catalogue of it"),
        (["export", "explore.html", "--language", "de"], "in English only"),
        (["list", "policies", "--language", "de"], "in English only"),
        (["show", "border", "--language", "de"], "in English only"),
    ],
)
def test_a_language_that_there_is_not_is_refused_in_one_line(words, part, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert refused.err.count("\n") == 1
    assert part in refused.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["list", "lessons"],
        ["show", "squeeze-one-port"],
        ["show", "squeeze-one-port", "--answer", "1"],
        ["lesson", "squeeze-one-port", "--choose", "1", "--predict", "70"],
    ],
)
def test_a_lesson_on_a_terminal_is_told_in_the_language(words, capsys):
    assert main([*words, "--language", PSEUDO]) == 0
    assert "⟦Šqúééžé óñé þóřt" in " ".join(capsys.readouterr().out.split())
