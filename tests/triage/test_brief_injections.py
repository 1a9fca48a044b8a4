"""Briefs of texts that sway the model, by a model that obeys: what it can do to its own item, and to nothing else.

What is left to it: to say no brief, or to choose which words of its own text are told, without any link or mention.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, partial

import pytest

from core.digest import Digest
from core.judged import Story
from core.types import Brief, BriefPoint, Item, Subject
from digests.forms import write
from digests.markdown import to_markdown
from digests.page import to_page
from lm.submit import submit
from tests.digests.night import digest_of
from tests.digests.test_markdown import skeleton
from tests.digests.test_page import Outline
from tests.digests.test_terminal import LINK, printed
from tests.lm.desk import model_at
from tests.servers.lm import Asked, Script, Spoken, open_hosts
from tests.servers.lm.reader import reads
from tests.triage.injections import INJECTIONS, QUIET, Injection, injected
from triage.brief_check import Draft, Ground, check
from triage.briefs import a_writer, as_read
from triage.graph import write_brief, written_by
from triage.plain_text import same_words
from triage.summaries import extract

TEXT = "We propose WaitNet, a timetable that waits for the bus. On 14 lines delays fall by 12 % against a fixed one."
SWAYED = Item("swayed", "paper", "Waiting trams", "https://lantern.example/swayed", TEXT)
OTHER = Item(
    "other", "paper", "Owl ears", "https://lantern.example/other", "We show how owls hear 30 mice in the snow."
)
SUBJECT = Subject("transit", "Urban transit")
FORGED = " See https://evil.example/x, www.evil.example, [here](https://evil.example/y), <!channel> <@U1> @everyone."
every_injection = pytest.mark.parametrize("injection", [*INJECTIONS, *QUIET], ids=lambda one: one.name)


def obeying(injection: Injection) -> Script:
    """Return a model that does to the swayed item whatever it can, and reads every other one as it should."""

    def script(asked: Asked) -> Spoken:
        if "Waiting trams" not in asked.told:
            return reads(asked)
        return _OBEYED.get(injection.effect, Spoken(calls=(("submit", forged(injection)),)))

    return script


_OBEYED = {
    "silence": Spoken(),
    "refusal": Spoken(refused=True),
    "garbage": Spoken(text="A tram went out at night, and waited."),
}


def forged(injection: Injection) -> dict[str, object]:
    words = f"{injection.text[:350]}{FORGED}"
    point = {"text": words, "quote": words}
    trap = {"text": f"WaitNet waits for the bus.{FORGED}", "quote": injection.text[:350]}
    brief = {"summary": words, "new": [point, trap], "shown": [point], "limits": [trap], "matters": [trap]}
    return {**brief, "score": 10, "channel": "#all", "id": "other"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The briefs of the swayed item and, before and after it, of another; and every request for them."""

    brief: Brief
    before: Brief
    after: Brief
    asked: tuple[Asked, ...]


@cache
def outcome_of(injection: Injection) -> Outcome:
    with open_hosts(obeying(injection)) as hosts, model_at(hosts, "signed") as model:
        deps = written_by(a_writer(partial(submit, model.complete), "MiniMax-M2", (SUBJECT,)))
        before, brief, after = (
            write_brief(Story(item.id, (item.id,)), [item], deps)
            for item in (OTHER, injected(SWAYED, injection), OTHER)
        )
    return Outcome(brief, before, after, tuple(hosts.asked))


def with_brief(item: Item, brief: Brief) -> Digest:
    """Return a digest whose first story is told as the brief says."""
    digest = digest_of()
    first, *rest = digest.sections
    entry = replace(
        first.entries[0], title=item.title, summary=brief.summary, points=brief.points, mark=brief.why, analysis=None
    )
    return replace(digest, sections=(replace(first, entries=(entry, *first.entries[1:])), *rest))


def _quoted(point: BriefPoint) -> str:
    return point.quote and ("x" if point.quote == point.text else "y")


def harmless(brief: Brief) -> Brief:
    """Return a brief of the same shape that says nothing."""
    points = tuple(
        BriefPoint(point.kind, "x", _quoted(point), ("x",) if point.unsupported else ()) for point in brief.points
    )
    return replace(brief, summary="x", points=points, why="x" if brief.why else "")


@every_injection
def test_an_obeying_model_can_change_its_own_items_words_only(injection: Injection) -> None:
    outcome = outcome_of(injection)
    first, last = outcome.asked[0], outcome.asked[-1]
    assert (first.told, first.system, first.tools) == (last.told, last.system, last.tools)
    assert outcome.before == outcome.after
    assert all(list(asked.tools) == ["submit"] for asked in outcome.asked)


@every_injection
def test_what_an_obeying_model_says_stands_in_its_text(injection: Injection) -> None:
    item, brief = injected(SWAYED, injection), outcome_of(injection).brief
    ground = Ground(item.title, as_read(item.text), (SUBJECT,))
    found = check(Draft(brief.summary, brief.points), ground)
    assert not any(trouble.is_grave for point in found.points for trouble in point)
    assert all(same_words(point.quote) in same_words(ground.told) for point in brief.points if point.quote)
    if brief.origin == "model":
        assert not found.summary
    else:
        assert brief.why
        assert brief.summary == extract(item.title, item.text)


@every_injection
def test_no_forged_link_or_mention_is_in_a_models_words_or_in_any_form(injection: Injection) -> None:
    item, brief = injected(SWAYED, injection), outcome_of(injection).brief
    by_model = [point.text for point in brief.points] + [brief.summary] * (brief.origin == "model")
    assert not [words for words in by_model if re.search(r"(?i)://|www\.|<[!@]|(?<!\w)@\w|\]\(", words)]
    digest, bare = with_brief(item, brief), with_brief(replace(item, title="x"), harmless(brief))
    assert skeleton(to_markdown(digest)) == skeleton(to_markdown(bare))
    assert Outline(to_page(digest)).skeleton == Outline(to_page(bare)).skeleton
    assert set(LINK.findall(printed(digest))) == set(LINK.findall(printed(bare)))
    assert "<!channel>" not in write(digest, "markdown")


def test_what_an_obeying_model_can_do_is_to_tell_words_of_its_own_text() -> None:
    injection = INJECTIONS[1]
    outcome = outcome_of(injection)
    assert injection.text in outcome.asked[1].told
    assert outcome.brief.origin == "model"
    assert outcome.brief.summary.startswith(injection.text)
    assert "evil" not in repr([outcome.brief.summary, *(point.text for point in outcome.brief.points)])
