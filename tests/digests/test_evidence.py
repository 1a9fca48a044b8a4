"""What a model wrote of a story, in every form: its points with their evidence, the marks, the analysis."""

import html
import json
import re
from dataclasses import replace

import pytest

from core.types import BriefPoint
from digests import wording
from digests.forms import write
from digests.markdown import to_markdown
from digests.page import to_page
from tests.digests.night import ANALYSIS, TOLD, digest_of

whole_form = pytest.mark.parametrize("form", ["html", "json", "markdown", "terminal"])
readable_form = pytest.mark.parametrize("form", ["html", "markdown", "terminal"])
FIRST = digest_of().sections[0].entries[0]


def words(text: str) -> str:
    """Return what is read of a form: without tags, escapes and line ends."""
    bare = re.sub(r"</?[a-z][^>]*>", " ", html.unescape(text.replace("\u200b", "")))
    return " ".join(bare.replace("\\", "").replace("**", "").replace("  >", "").split())


@whole_form
def test_every_point_stands_with_its_sentence(form: str) -> None:
    shown = words(write(digest_of(), form))
    for point in TOLD[0].points:
        assert point.text in shown
        assert point.quote in shown


@readable_form
def test_points_are_told_in_their_order_under_their_names(form: str) -> None:
    shown = words(write(digest_of(), form))
    places = [shown.index(point.text) for point in TOLD[0].points]
    assert places == sorted(places)
    assert all(label in shown for label in wording.POINTS.values())


@readable_form
def test_what_was_not_found_in_the_source_is_marked_at_its_point(form: str) -> None:
    shown = words(write(digest_of(), form))
    marked = [shown.index(f"not found in the source: {name}") for name in ("worse", "a sentence that says it")]
    assert shown.index(TOLD[0].points[2].text) < marked[0] < shown.index(TOLD[0].points[3].text) < marked[1]
    assert shown.count("not found in the source") == 2


@readable_form
def test_who_wrote_a_summary_and_why_not_a_model_is_told(form: str) -> None:
    shown = words(write(digest_of(), form))
    assert shown.count("summary by Lantern-M2") == sum(told.by_model for told in TOLD)
    assert "the night's budget is spent; not judged by the model" in shown


@readable_form
def test_analysis_is_told_with_what_it_rests_on_and_how_it_ended(form: str) -> None:
    shown = words(write(digest_of(), form))
    told = (
        "12 turns, ended early: time",
        "Nobody counted silent failures before.",
        "The rule of two lines is new to us.",
        "The retry study of last spring saw no gain.",
        "Repeat calls whose answer is shorter",
        "web:00, web:07",
    )
    places = [shown.index(each) for each in told]
    assert places == sorted(places)


@readable_form
def test_part_that_an_analysis_does_not_tell_is_left_out(form: str) -> None:
    silent = replace(FIRST, analysis=replace(ANALYSIS, contradicts=" \n- ", ended="submitted", turns=1))
    digest = digest_of()
    section = replace(digest.sections[0], entries=(silent,))
    shown = words(write(replace(digest, sections=(section,)), form))
    assert "Contradicts" not in shown
    assert "1 turn" in shown
    assert "ended early" not in shown


@readable_form
def test_story_without_points_says_nothing_of_them(form: str) -> None:
    digest = digest_of(TOLD[1:2])
    bare = replace(digest.sections[0], entries=(replace(digest.sections[0].entries[0], analysis=None),))
    shown = words(write(replace(digest, sections=(bare,)), form))
    assert wording.POINTS["shown"] not in shown
    assert "Analysis" not in shown


def test_page_folds_the_evidence_and_quotes_it() -> None:
    page = to_page(digest_of())
    folded = page[page.index('<details class="points">') : page.index("</details>")]
    assert "<summary>New · How it was shown · Limits · Why it matters" in folded
    assert folded.count("<blockquote") == 3  # the fourth point has no sentence
    assert " open" not in folded


def test_markdown_quotes_the_sentence_beneath_its_point() -> None:
    assert "- **How it was shown:** 14 repeats of 60 tasks with three agents.\n  > “Each of 60 tasks" in to_markdown(
        digest_of()
    )


def test_json_gives_points_and_analysis_by_name() -> None:
    entry = json.loads(write(digest_of(), "json"))["sections"][0]["entries"][0]
    assert entry["points"][2] == {
        "kind": "limits",
        "text": "Loud failures were not worse.",
        "quote": "We did not study loud failures.",
        "unsupported": ["worse"],
    }
    assert entry["analysis"]["sources"] == ["web:00", "web:07"]
    assert entry["mark"] == "summary by Lantern-M2"


def test_point_that_is_wholly_supported_has_no_mark() -> None:
    assert wording.point_mark(BriefPoint("new", "Owls hear.", "Owls hear.")) is None
