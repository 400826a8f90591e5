"""The reader's language: one catalogue that holds every word, and a language that belongs to who reads."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from docs.writers.messages import collected, write
from supplysim.errors import InputError
from supplysim.language import (
    LANGUAGES,
    PSEUDO,
    by_language,
    gettext,
    language,
    ngettext,
    numerals,
    preferred,
    speaking,
)
from supplysim.language.catalogue import FOLDER, TEMPLATE
from supplysim.language.pseudo import KEPT, pseudo
from supplysim.lessons import lesson, lessons, results
from supplysim.lessons.page import after, card
from supplysim.lessons.roles import role_play

OTHERS = [code for code in LANGUAGES if code != "en"]


# --- the catalogue ------------------------------------------------------------------------------------------


def test_the_template_holds_the_words_of_the_sources(tmp_path):
    write(collected(), tmp_path / "messages.pot")
    same = (tmp_path / "messages.pot").read_text("utf-8") == TEMPLATE.read_text("utf-8")
    assert same, "words changed: run python -m docs.writers.messages"


@pytest.fixture(scope="module", params=OTHERS)
def translated(request):
    with (FOLDER / f"{request.param}.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def forms(text):
    return list(text) if isinstance(text, (tuple, list)) else [text]


def test_every_message_is_translated(translated):
    with TEMPLATE.open("rb") as file:
        wanted = {(message.context, message.id) for message in read_po(file) if message.id}
    assert {(message.context, message.id) for message in translated} == wanted
    assert [message.id for message in translated if not all(forms(message.string))] == []


def test_a_translation_keeps_values_tags_code_and_links(translated):
    """One of a plural may leave out what it does not need, such as the number."""
    for message in translated:
        wanted = sorted(KEPT.findall(forms(message.id)[-1]))
        for text in filter(None, forms(message.string)):
            found = sorted(KEPT.findall(text))
            assert set(found) <= set(wanted) if message.pluralizable else found == wanted, text


def test_the_pseudo_language_accents_words_and_keeps_the_rest():
    text = "Of {{all.pairs}} worlds <b>{n}</b> rose: `supplysim list`, [more](docs/app.md) &nbsp;"
    assert pseudo(text) == "⟦Óf {{all.pairs}} wóřldš <b>{n}</b> řóšé: `supplysim list`, [móřé](docs/app.md) &nbsp;⟧"
    with speaking(PSEUDO):
        assert gettext("{n} of {all}", n=3, all="four") == "⟦3 óf four⟧"
        assert ngettext("{n} world", "{n} worlds", 1, n=1) == "⟦1 wóřld⟧"


# --- who reads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "accepted", "code"),
    [
        ((), "", "en"),
        (("de",), "en", "de"),
        (("xx", None, "de"), "", "de"),
        ((PSEUDO,), "de", PSEUDO),
        ((None,), "de-CH, en;q=0.9", "de"),
        ((None,), "en;q=0.5, de; q=0.8", "de"),
        ((None,), "fr, de;q=0", "en"),
        ((None,), "en-US,en;q=0.9,de;q=0.8", "en"),
    ],
)
def test_the_first_wish_that_is_known_is_granted_else_what_the_browser_likes_best(wanted, accepted, code):
    assert preferred(*wanted, accepted=accepted) == code


@given(st.text() | st.from_regex(r"([a-z]{1,3}(-[A-Z]{2})?(; ?q=[0-9.]*)?,){0,40}", fullmatch=True))
def test_no_header_breaks_the_choice(accepted):
    assert preferred(accepted, accepted=accepted) in {*LANGUAGES, PSEUDO}


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(InputError, match="there is no catalogue of it"), speaking("xx"):
        pass


def test_numbers_have_the_marks_of_the_language():
    assert numerals("1,234.5 %") == "1,234.5 %"
    with speaking("de"):
        assert numerals("1,234.5 %, 2,000 and 3.") == "1.234,5 %, 2.000 and 3."


def test_what_is_kept_is_kept_for_each_language_and_made_once():
    made = []

    @by_language
    def kept(name):
        made.append(language())
        return f"{name} in {language()}"

    assert kept("x") == kept("x") == "x in en"
    with speaking("de"):
        assert kept("x") == kept("x") == "x in de"
    assert kept("x") == "x in en"
    assert made == ["en", "de"]


def test_two_threads_speak_two_languages_at_once():
    together = Barrier(2, timeout=30)

    def say(code):
        with speaking(code):
            together.wait()
            return language(), numerals("1.5")

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(say, ("de", "en"))) == [("de", "1,5"), ("en", "1.5")]
    assert language() == "en"


# --- lessons ------------------------------------------------------------------------------------------------


def told(name):
    """Return all that a lesson shows, of every step, as one text; ids and verdicts are no words."""
    mine = lesson(name)
    shown = [*strings(card(mine)), *strings(after(mine, results()[name]))]
    return re.sub(r"<code>.*?</code>|<[^>]*>", " ", "\n".join(shown))


def strings(value):
    """Return every text inside a value that JSON can hold, but for those of `NO_WORDS`."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key not in NO_WORDS for text in strings(inner)]
    return [text for inner in value for text in strings(inner)] if isinstance(value, list) else [str(value)]


NO_WORDS = {"id", "answers", "public", "capstone"}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("name", list(lessons()))
def test_every_word_of_a_lesson_is_in_the_catalogue_and_no_number_is_another_one(name):
    english = told(name)
    with speaking(PSEUDO):
        accented = told(name)
    plain = [word for word in WORD.findall(accented) if word.isascii() and re.search("[aeiouy]", word)]
    assert plain == []
    assert NUMBER.findall(accented) == NUMBER.findall(english)


def test_the_role_play_is_told_in_the_language_and_keeps_its_ids_and_levers():
    english = role_play()
    with speaking(PSEUDO):
        other = role_play()
    assert [(role.id, role.levers, role.sees) for role in other.roles] == [
        (role.id, role.levers, role.sees) for role in english.roles
    ]
    assert all(text.startswith("⟦") for role in other.roles for text in (role.name, role.card, role.wants, role.ask))


def test_english_is_as_it_was_after_another_language_was_spoken():
    before = {name: told(name) for name in lessons()}
    for code in (*OTHERS, PSEUDO):
        with speaking(code):
            assert {name: told(name) for name in lessons()} != before
    assert {name: told(name) for name in lessons()} == before
