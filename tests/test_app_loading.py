"""What stands in the page while it loads: drawn before any style sheet, which keep their order."""

import re

import pytest

pytest.importorskip("solara")

from supplysim.viz.loading import explained, frame

PAGE = (
    '<html><head><link href="/one.css" rel="stylesheet" class="a"></link><style>b {}</style>'
    '<link rel="icon" href="/i.png">'
    '<link rel="stylesheet" href="/two.css"></head><script type="x-template"><style>kept</style></script>'
    '<body data-x="1"><p>page</p></body></html>'
)


def test_the_frame_stands_before_every_style_sheet():
    made = explained(PAGE)
    head, _, after = made.partition("</head>")
    assert "stylesheet" not in head
    assert 'rel="icon"' in head
    body = after.partition("<body")[2]
    places = [body.index(piece) for piece in (frame(), "/one.css", "b {}", "/two.css", "<p>page")]
    assert places == sorted(places)
    assert "<style>kept</style></script>" in after.partition("<body")[0]


def test_nothing_of_the_page_is_lost():
    made = explained(PAGE)
    assert made.startswith('<html lang="en">')
    for piece in re.findall(r"<[a-z][^>]*>", PAGE)[1:]:
        assert piece in made
    assert made.count("<script>") == 1
