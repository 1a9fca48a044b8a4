import re
import time
from base64 import b64decode
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from core.lm import Told
from probes.plan import ProbeRun
from probes.report.drawing import drawing
from probes.report.findings import report_on
from probes.report.page import to_page
from probes.report.plot import LEFT, WIDTH, plot
from tests.probes.report.test_forms import HOSTILE, acting, runs, with_drawing

__all__ = ["runs"]  # a fixture
LAMP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- a lamp --><circle r="3" fill="gold"/></svg>'


def drawn(text: str) -> str:
    address = drawing(text)
    assert address is not None
    return b64decode(address.partition("base64,")[2]).decode()


def test_a_drawing_is_a_picture_within_the_page(runs: tuple[ProbeRun, ProbeRun]) -> None:
    page = to_page(report_on([with_drawing(run, f"Here:\n```svg\n{LAMP}\n```") for run in runs]))
    pictures = LexborHTMLParser(page).css("figure img")
    assert len(pictures) == 2
    assert all((one.attributes["src"] or "").startswith("data:image/svg+xml;base64,") for one in pictures)
    assert '<circle r="3" fill="gold" />' in drawn(LAMP)


def test_a_drawing_without_a_namespace_is_one_too() -> None:
    assert "circle" in drawn('<svg viewBox="0 0 9 9"><circle r="3"/></svg>')


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<circle onload="alert(1)" r="1"/>',
        '<a href="javascript:alert(1)"><circle r="1"/></a>',
        '<image href="https://lantern.example/x.png"/>',
        "<foreignObject><iframe src='//lantern.example'/></foreignObject>",
        '<rect fill="url(https://lantern.example/alert)"/>',
        "<style>@import '//lantern.example/alert.css';</style>",
        '<use href="#alert"/>',
        '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
        '<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="//lantern.example"/>',
    ],
)
def test_what_is_no_shape_is_left_out(inside: str) -> None:
    kept = drawn(LAMP.replace("</svg>", f"{inside}</svg>"))
    assert not re.search(r"alert|lantern|script|href", kept)
    assert "gold" in kept


@pytest.mark.parametrize(
    "inside",
    [
        '<mask id="b"><rect r="1" mask="url(#a)"/></mask>',
        '<mask id="b" mask="url(#a)"><rect r="1"/></mask>',
        '<mask id="b"><g><rect r="1" style="Mask: url(#a)"/></g></mask>',
        '<clipPath id="b" clip-path="url(#a)"><rect r="1"/></clipPath>',
        "<style>rect { mask: url(#a) }</style>",
        "<style>rect { m\\61sk: url(#a) }</style>",
        '<mask id="b"><rect r="1" style="m\\61sk: url(#a)"/></mask>',
        '<mask id="b"><rect r="1"><set attributeName="mask" to="url(#b)"/></rect></mask>',
        "<style>/* */rect { -webkit-mask-image: url(#a) }</style>",
    ],
)
def test_no_mask_has_a_mask(inside: str) -> None:
    once = '<mask id="a"><rect r="2"/></mask><circle mask="url(#a)" r="3"/>'
    kept = drawn(LAMP.replace("</svg>", f"{once}{inside}</svg>"))
    assert kept.count("url(#a)") == 1
    assert 'attributeName="mask"' not in kept
    assert '<circle mask="url(#a)" r="3" />' in kept


@pytest.mark.parametrize(
    "text",
    [
        "no drawing",
        "<svg><g></svg>",
        f"<!DOCTYPE svg>{LAMP}".replace("<circle", "<!ENTITY x 'y'><circle"),
        f"<svg>{'<g>' * 400}{'</g>' * 400}</svg>",
        f"<svg>{'<g/>' * 9000}</svg>",
        f"<svg>{' ' * 300_000}</svg>",
    ],
)
def test_what_is_no_drawing_of_bounded_size_is_text(text: str) -> None:
    assert drawing(text) is None


def test_beginnings_without_an_end_are_looked_through_at_once() -> None:
    began = time.thread_time()
    assert drawing("<svg " * 20_000) is None
    assert time.thread_time() - began < 1.0


def test_what_models_write_is_text(runs: tuple[ProbeRun, ProbeRun]) -> None:
    run = acting(with_drawing(runs[0], HOSTILE), HOSTILE)
    page = LexborHTMLParser(to_page(report_on([run])))
    assert page.css("script, iframe, object, link, a") == []
    assert HOSTILE in [one.text() for one in page.css("figure pre")]
    assert HOSTILE in [one.text() for one in page.css("td pre.called")]


def test_the_page_needs_nothing_from_outside(runs: tuple[ProbeRun, ProbeRun]) -> None:
    page = to_page(report_on(runs))
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page)
    assert "default-src 'none'" in page


def test_intervals_stand_where_they_belong(runs: tuple[ProbeRun, ProbeRun]) -> None:
    report = report_on(runs)
    score = report.runs[1].domains[0].score
    assert score is not None
    line = plot(report).bands[0].lines[1]
    assert (line.label, line.run) == ("reed-2", 1)
    assert [line.low, line.mean, line.high] == pytest.approx(
        [LEFT + WIDTH * value for value in (score.low, score.mean, score.high)], abs=0.1
    )


def test_a_long_answer_is_cut(runs: tuple[ProbeRun, ProbeRun]) -> None:
    page = to_page(report_on([with_drawing(runs[0], "word " * 200_000)]))
    assert len(page) < 200_000
    assert "characters more)" in page


def test_what_all_were_told_stands_once_and_what_each_said_beside_it(runs: tuple[ProbeRun, ProbeRun]) -> None:
    page = LexborHTMLParser(to_page(report_on([with_drawing(run, run.plan.run) for run in runs])))
    words = [one.text() for one in page.css("details pre")]
    assert words.count("What is it?") == 2
    assert words.count("Answer: 3") == 4
    (asked,) = page.css("p.asked")
    assert asked.text() == "What is it?"
    assert [one.text() for one in page.css("figure pre")] == ["quill-1-run", "reed-2-run"]


def test_one_that_was_told_something_else_is_shown_so(runs: tuple[ProbeRun, ProbeRun]) -> None:
    page = LexborHTMLParser(to_page(report_on([runs[0], told_otherwise(runs[1])])))
    words = [one.text() for one in page.css("details pre.told")]
    assert (words.count("What is it?"), words.count("What is that?")) == (2, 2)


def told_otherwise(run: ProbeRun) -> ProbeRun:
    turn = replace(run.attempts[0].turns[0], told=(Told("What is that?"),))
    return replace(run, attempts=tuple(replace(one, turns=(turn,)) for one in run.attempts))
