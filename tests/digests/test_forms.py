"""What holds for every form, whichever there are."""

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from email import message_from_string
from email.policy import default
from html import unescape

import pytest
from hypothesis import example, given, settings

from core.digest import Digest, DigestEntry, ItemCounts, Trend
from core.errors import ConfigError
from digests import wording
from digests.as_json import to_json
from digests.forms import FORMS, write
from tests.digests.hostile import EVERYTHING, TEXT
from tests.digests.night import LEDGER, NOTE, PROBED, TOLD, TRENDS, UNJUDGED, digest_of, trend_of, with_text

every_form = pytest.mark.parametrize("form", sorted(FORMS))
readable_form = pytest.mark.parametrize("form", ["html", "markdown", "terminal"])
NOTHING_KEPT = TOLD[-3:]


def words(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@every_form
def test_every_source_and_every_story_is_named(form: str) -> None:
    shown = words(write(digest_of(), form))
    assert all(row.source in shown for row in LEDGER)
    assert all(told.title in shown for told in TOLD[:5])


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("terminal", "The night of Friday, 14 March 2031\n"),
        ("markdown", "# The night of Friday, 14 March 2031\n"),
        ("html", "<!doctype html>\n"),
        ("json", '{\n  "night": "2031-03-14",\n'),
        ("slack-json", '[\n  {\n    "blocks": [\n'),
        ("atom", '<?xml version="1.0" encoding="utf-8"?>\n<feed '),
        ("mail", "From: nightdesk <nightdesk@nightdesk.invalid>\n"),
    ],
)
def test_a_form_is_what_its_name_says(form: str, start: str) -> None:
    assert write(digest_of(), form).startswith(start)


@every_form
def test_what_came_of_probing_a_release_is_told(form: str) -> None:
    written = write(digest_of(), form)
    letter = message_from_string(written, policy=default).get_body(("plain",)) if form == "mail" else None
    assert PROBED in words(unescape(letter.get_content() if letter else written)).replace("\\", "")


@every_form
def test_what_is_to_be_known_of_the_night_and_what_was_not_judged_is_told(form: str) -> None:
    written = write(digest_of(), form)
    letter = message_from_string(written, policy=default).get_body(("plain",)) if form == "mail" else None
    shown = words(unescape(letter.get_content() if letter else written)).replace("\\", "")
    assert NOTE in shown
    assert UNJUDGED in shown[shown.index("unjudged" if form == "json" else wording.UNJUDGED) :]
    assert shown.count(UNJUDGED) == 1


@readable_form
def test_the_ledger_comes_last_and_the_totals_end_it(form: str) -> None:
    digest = digest_of()
    shown = words(write(digest, form))
    assert shown.index("Dropped") < shown.index("Old Mill reading group") < shown.index(wording.totals(digest))
    assert TOLD[0].title not in shown[shown.index("Old Mill reading group") :]


@readable_form
def test_a_local_summary_is_marked_and_a_missing_one_too(form: str) -> None:
    digest = digest_of()
    entries = [entry for section in digest.sections for entry in section.entries if entry.home is None]
    local = sum(entry.origin == "local" and bool(entry.summary) for entry in entries)
    shown = words(write(digest, form)).replace(words(wording.EXPLANATION), "")
    assert shown.count("extracted") == local
    assert shown.count("not summarised") == sum(not entry.summary for entry in entries) == 1


@readable_form
@pytest.mark.parametrize(
    ("digest", "why"),
    [
        pytest.param(
            digest_of(NOTHING_KEPT),
            "Nothing was kept last night: 3 items came in and none was judged worth reading. "
            "2 of 8 sources did not deliver.",
            id="all_dropped",
        ),
        pytest.param(
            replace(digest_of(()), counts=ItemCounts(known=9), ledger=LEDGER[3:4]),
            "Nothing was kept last night: no source brought anything new.",
            id="nothing_new",
        ),
        pytest.param(
            replace(digest_of(()), counts=ItemCounts(new=1), ledger=LEDGER[:1]),
            "Nothing was kept last night: 1 item came in, but none has been judged.",
            id="not_judged",
        ),
        pytest.param(
            replace(digest_of((), ledger=()), counts=ItemCounts()),
            "Nothing was kept last night: no source was polled.",
            id="no_source",
        ),
    ],
)
def test_an_empty_night_says_why(form: str, digest: Digest, why: str) -> None:
    shown = words(write(digest, form))
    assert why in shown
    assert wording.totals(digest) in shown
    assert "extracted" not in shown


@every_form
@settings(max_examples=25, deadline=None)
@example(EVERYTHING)
@given(TEXT)
def test_the_same_digest_gives_the_same_bytes(form: str, text: str) -> None:
    assert write(with_text(digest_of(), text), form).encode() == write(with_text(digest_of(), text), form).encode()


@every_form
def test_another_environment_gives_the_same_bytes(form: str) -> None:
    imports = "from tests.digests.night import digest_of; from digests.forms import write"
    script = f"{imports}; print(write(digest_of(), {form!r}))"
    strange = {"PYTHONHASHSEED": "7", "COLUMNS": "33", "FORCE_COLOR": "1", "TERM": "xterm-256color", "TZ": "Asia/Tokyo"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **strange, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode() == write(digest_of(), form) + "\n"


def test_an_unknown_form_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"no form 'parchment'.*terminal, markdown, html, json"):
        write(digest_of(), "parchment")


def test_the_registry_loads_no_library_before_a_form_is_asked_for() -> None:
    script = "import sys, digests.forms; assert not {'jinja2', 'rich'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_json_names_every_field_and_is_what_was_written() -> None:
    digest = digest_of()
    written = json.loads(write(digest, "json"))
    assert written == to_json(digest)
    assert written.keys() == {field.name for field in fields(Digest)}
    entry = written["sections"][0]["entries"][0]
    assert entry.keys() == {field.name for field in fields(DigestEntry)}
    assert entry["facts"][1] == {"label": "code", "value": "yes"}
    assert entry["told_by"][0] == {"source": "Parchment cs.XA", "url": "https://papers.example/0?from=0"}
    assert entry["published"] == "2031-03-13T18:30:00+00:00"


@readable_form
def test_trends_stand_before_the_subjects_one_line_each(form: str) -> None:
    shown = words(write(digest_of(), form).replace('<strong dir="auto">', "").replace("</strong>", ""))
    lines = [f"{trend.term}: {wording.rise(trend)}" for trend in TRENDS]
    assert lines[0] == "repeated tool call: 13 tonight, usually 1.9 on a night as full (8 nights)"
    assert lines[1] == "abstaining teacher: 4 tonight, never before (8 nights)"
    places = [shown.index(place) for place in (wording.RISING, *lines, TOLD[1].title)]
    assert places == sorted(places)


@every_form
def test_a_night_without_trends_does_not_speak_of_them(form: str) -> None:
    shown = write(digest_of(trends=()), form)
    assert wording.RISING not in shown
    assert TRENDS[0].term not in shown


def test_a_rare_term_is_not_told_as_usual_on_no_night() -> None:
    assert "usually 0.1 on" in wording.rise(replace(trend_of("moss", 1, *[0] * 29, 6), usual=0.0))


def test_json_gives_a_trend_whole() -> None:
    trend = json.loads(write(digest_of(), "json"))["trends"][0]
    assert trend.keys() == {field.name for field in fields(Trend)}
    assert trend["series"][-1] == {"night": "2031-03-14", "count": 13}
    assert trend["items"] == [{"id": "web:00", "title": TOLD[0].title, "url": "https://papers.example/0"}]


def test_json_gives_no_address_that_is_not_for_clicking() -> None:
    digest = digest_of()
    dropped = (replace(digest.dropped[0], url="javascript:alert(1)"),)
    assert json.loads(write(replace(digest, dropped=dropped), "json"))["dropped"][0]["url"] is None
