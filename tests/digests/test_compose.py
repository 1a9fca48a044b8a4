import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest import Digest, DigestEntry, ItemCounts
from core.judged import Analysis, Story
from core.sources import PollRow
from core.types import Brief, BriefPoint, Decision, Item, Sighting, Subject, Verdict
from digests.compose import compose, for_subject
from digests.wording import opening

NIGHT = date(2031, 3, 14)
BREAD, TEA, SALT = Subject("bread", "Bread"), Subject("tea", "Tea"), Subject("salt", "Salt")
SUBJECTS = (BREAD, TEA, SALT)
NO_ITEMS = ItemCounts()
_POLL = PollRow("Old Mill", "rss", "new", "", new=2)


def kept(item_id: str, subject: str, score: float, reason: str = "fits") -> Verdict:
    return Verdict(item_id, subject, "kept", score, reason)


def dropped(item_id: str, subject: str | None, score: float, reason: str = "does not fit") -> Verdict:
    return Verdict(item_id, subject, "dropped", score, reason)


def item(item_id: str) -> Item:
    return Item(item_id, "post", f"About {item_id}", f"https://mill.example/{item_id}", "text")


@dataclass(frozen=True)
class NightOf:
    """The arguments of ``compose``, each item a story of its own unless ``stories`` says otherwise."""

    verdicts: Sequence[Verdict]
    stories: Sequence[Story] = ()
    items: Sequence[Item] = ()
    briefs: Sequence[Brief] = ()
    sightings: Sequence[tuple[str, Sighting]] = ()
    subjects: Sequence[Subject] = SUBJECTS
    ledger: Sequence[PollRow] = ()
    counts: ItemCounts = NO_ITEMS
    analyses: Sequence[Analysis] = ()
    marks: Sequence[tuple[str, str]] = ()
    model: str = ""
    unjudged: Sequence[tuple[str, str]] = ()

    def compose(self) -> Digest:
        ids = sorted({verdict.item_id for verdict in self.verdicts})
        told = [(item_id, sighting) for item_id, sighting in self.sightings]
        return compose(
            NIGHT,
            subjects=self.subjects,
            verdicts=self.verdicts,
            stories=self.stories or [Story(f"s-{item_id}", (item_id,)) for item_id in ids],
            briefs={brief.story_id: brief for brief in self.briefs},
            items={each.id: each for each in (*map(item, ids), *self.items)},
            sightings={item_id: [sighting for of, sighting in told if of == item_id] for item_id, _ in told},
            ledger=self.ledger,
            counts=self.counts,
            analyses={analysis.story_id: analysis for analysis in self.analyses},
            marks=dict(self.marks),
            model=self.model,
            unjudged=self.unjudged,
        )


def entry_of(digest: Digest, subject: str) -> DigestEntry:
    (entry,) = (entry for section in digest.sections if section.subject == subject for entry in section.entries)
    return entry


def ids_under(digest: Digest, subject: str) -> list[str]:
    return [entry.story_id for section in digest.sections if section.subject == subject for entry in section.entries]


def test_sections_stand_in_the_order_of_the_subjects_even_when_empty() -> None:
    digest = NightOf([kept("a", "salt", 0.9)]).compose()
    assert [(section.subject, section.name) for section in digest.sections] == [
        ("bread", "Bread"),
        ("tea", "Tea"),
        ("salt", "Salt"),
    ]


def test_entries_stand_by_score_then_story_id() -> None:
    verdicts = [kept("c", "tea", 0.4), kept("b", "tea", 0.7), kept("d", "tea", 0.9), kept("a", "tea", 0.7)]
    assert ids_under(NightOf(verdicts).compose(), "tea") == ["s-d", "s-a", "s-b", "s-c"]


def test_one_kept_item_is_enough_for_its_story_and_the_lead_tells_it() -> None:
    lead = replace(item("lead"), kind="paper", authors=("A. Miller",), published=datetime(2031, 3, 13, tzinfo=UTC))
    night = NightOf(
        [dropped("lead", "tea", 0.2), kept("other", "tea", 0.8, "second source")],
        stories=[Story("s", ("lead", "other"))],
        items=[lead],
    )
    entry = entry_of(night.compose(), "tea")
    assert (entry.title, entry.url, entry.authors, entry.published, entry.kind) == (
        lead.title,
        lead.url,
        lead.authors,
        lead.published,
        "paper",
    )
    assert (entry.score, entry.reason) == (0.8, "second source")


def test_reason_and_score_come_from_the_best_kept_verdict_of_that_subject() -> None:
    verdicts = [
        kept("a", "tea", 0.5, "weak"),
        kept("b", "tea", 0.8, "strong"),
        kept("b", "bread", 0.3, "elsewhere"),
        dropped("c", "tea", 0.9, "dropped is not kept"),
    ]
    entry = entry_of(NightOf(verdicts, stories=[Story("s", ("a", "b", "c"))]).compose(), "tea")
    assert (entry.score, entry.reason) == (0.8, "strong")


def test_of_equal_scores_the_item_nearer_the_lead_gives_the_reason() -> None:
    verdicts = [kept("b", "tea", 0.5, "second"), kept("a", "tea", 0.5, "lead")]
    entry = entry_of(NightOf(verdicts, stories=[Story("s", ("a", "b"))]).compose(), "tea")
    assert entry.reason == "lead"


def test_the_first_value_of_a_fact_wins() -> None:
    first = replace(item("a"), facts=(("licence", "MIT"), ("votes", "3")))
    second = replace(item("b"), facts=(("size", "3B"), ("licence", "other")))
    night = NightOf([kept("a", "tea", 0.5)], stories=[Story("s", ("a", "b"))], items=[first, second])
    assert entry_of(night.compose(), "tea").facts == (("licence", "MIT"), ("votes", "3"), ("size", "3B"))


def test_told_by_names_every_distinct_sighting_in_order() -> None:
    mill, oven = Sighting("Mill", "https://mill.example/1", None), Sighting("Oven", "https://oven.example/1", None)
    again = replace(mill, announced=datetime(2031, 3, 14, tzinfo=UTC))
    night = NightOf(
        [kept("b", "tea", 0.5)],
        stories=[Story("s", ("b", "a"))],
        items=[item("a")],
        sightings=[("a", oven), ("a", again), ("b", mill)],
    )
    assert entry_of(night.compose(), "tea").told_by == ((mill.source, mill.url), (oven.source, oven.url))


def test_the_brief_gives_summary_and_origin() -> None:
    night = NightOf([kept("a", "tea", 0.5)], briefs=[Brief("s-a", "It rose.", "model", "key")])
    entry = entry_of(night.compose(), "tea")
    assert (entry.summary, entry.origin) == ("It rose.", "model")


def test_a_story_without_a_brief_is_still_told() -> None:
    entry = entry_of(NightOf([kept("a", "tea", 0.5)]).compose(), "tea")
    assert (entry.summary, entry.origin) == ("", "local")


def test_home_is_where_the_score_is_highest() -> None:
    digest = NightOf([kept("a", "bread", 0.4, "some"), kept("a", "salt", 0.8, "much")]).compose()
    bread, salt = entry_of(digest, "bread"), entry_of(digest, "salt")
    assert (bread.home, salt.home) == ("salt", None)
    assert (bread.score, bread.reason, salt.score, salt.reason) == (0.4, "some", 0.8, "much")


def test_a_digest_for_one_subject_tells_everything_there_in_full() -> None:
    digest = NightOf([kept("a", "bread", 0.4), kept("a", "salt", 0.8), dropped("b", "tea", 0.1)]).compose()
    alone = for_subject(digest, "bread")
    assert [section.subject for section in alone.sections] == ["bread"]
    assert entry_of(alone, "bread").home is None
    assert (alone.ledger, alone.counts) == (digest.ledger, digest.counts)


def test_a_digest_for_one_subject_lists_and_counts_what_that_dropped() -> None:
    verdicts = [dropped("a", "tea", 0.1), dropped("b", "tea", 0.2), dropped("b", "bread", 0.1), dropped("c", None, 0.0)]
    digest = NightOf([*verdicts, kept("d", "bread", 0.8), dropped("d", "tea", 0.3)]).compose()
    assert {each.title: each.subjects for each in digest.dropped} == {
        "About a": ("tea",),
        "About b": ("bread", "tea"),
        "About c": (),
    }
    alone = for_subject(digest, "bread")
    assert [each.title for each in alone.dropped] == ["About b"]
    assert "1 story kept under 1 subject, 1 item dropped." in opening(alone)


def test_a_digest_for_one_subject_says_that_nothing_was_for_it() -> None:
    night = NightOf([dropped("a", "tea", 0.1), dropped("c", None, 0.0)], ledger=[_POLL], counts=ItemCounts(new=2))
    assert "2 items came in, none of them for what is told here" in opening(for_subject(night.compose(), "bread"))


def test_what_a_missing_subject_kept_is_neither_told_nor_dropped() -> None:
    digest = NightOf([kept("a", "salt", 0.8), dropped("a", "tea", 0.1)], subjects=[BREAD, TEA]).compose()
    assert (ids_under(digest, "tea"), digest.dropped) == ([], ())


def test_of_equal_scores_home_is_the_subject_that_comes_first() -> None:
    digest = NightOf([kept("a", "salt", 0.8), kept("a", "tea", 0.8)]).compose()
    assert (entry_of(digest, "tea").home, entry_of(digest, "salt").home) == (None, "tea")


def test_a_section_counts_its_dropped_items_once_each() -> None:
    verdicts = [dropped("a", "tea", 0.1), dropped("b", "tea", 0.2), dropped("b", "bread", 0.1)]
    digest = NightOf([*verdicts, verdicts[0]]).compose()
    assert [section.dropped for section in digest.sections] == [1, 2, 0]


def test_dropped_items_stand_by_score_then_title_with_the_highest_reason() -> None:
    verdicts = [
        dropped("a", "tea", 0.2),
        dropped("b", "tea", 0.2),
        dropped("c", "tea", 0.1, "low"),
        dropped("c", "salt", 0.6, "nearly"),
        dropped("d", None, 0.05, "no subject fits"),
    ]
    titled = [replace(item("a"), title="Zwieback"), replace(item("b"), title="Anise")]
    digest = NightOf(verdicts, items=titled).compose()
    assert [(each.title, each.reason) for each in digest.dropped] == [
        ("About c", "nearly"),
        ("Anise", "does not fit"),
        ("Zwieback", "does not fit"),
        ("About d", "no subject fits"),
    ]


def test_an_item_kept_somewhere_is_not_dropped() -> None:
    assert NightOf([dropped("a", "tea", 0.3), kept("a", "bread", 0.2)]).compose().dropped == ()


def test_a_dropped_item_of_a_told_story_is_not_dropped() -> None:
    night = NightOf([dropped("a", "tea", 0.3), kept("b", "tea", 0.7)], stories=[Story("s", ("b", "a"))])
    assert night.compose().dropped == ()


def test_a_kept_item_without_a_story_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="kept, but in no story: lost"):
        NightOf([kept("lost", "tea", 0.7)], stories=[Story("s", ("other",))]).compose()


POINT = BriefPoint("new", "Bread rises.", "Bread rises at night.")


def test_an_entry_has_what_a_model_wrote_and_found_out() -> None:
    brief = Brief("s-a", "Bread rises.", "model", "key", (POINT,))
    analysis = Analysis("s-a", "key", "New.", "", (), (), "submitted", 3)
    entry = entry_of(NightOf([kept("a", "tea", 0.7)], briefs=[brief], analyses=[analysis]).compose(), "tea")
    assert (entry.summary, entry.origin, entry.points, entry.analysis) == ("Bread rises.", "model", (POINT,), analysis)


@pytest.mark.parametrize(
    ("brief", "mark", "model", "told"),
    [
        pytest.param(Brief("s-a", "x", "model", "k"), "", "M2", "summary by M2", id="who_wrote_it"),
        pytest.param(Brief("s-a", "x", "model", "k"), "", "", "", id="nobody_named"),
        pytest.param(Brief("s-a", "x", "local", "k"), "", "M2", "", id="local"),
        pytest.param(Brief("s-a", "x", "local", "k", (), "budget"), "", "M2", "budget", id="why_not"),
        pytest.param(Brief("s-a", "x", "local", "k", (), "not asked: 401"), "", "M2", "not asked", id="no_particulars"),
        pytest.param(Brief("s-a", "x", "model", "k", (), "short"), "", "M2", "summary by M2; short", id="short"),
        pytest.param(Brief("s-a", "x", "local", "k", (), "late"), "not judged", "M2", "late; not judged", id="both"),
        pytest.param(None, "not judged", "M2", "not judged", id="no_brief"),
    ],
)
def test_the_mark_of_an_entry(brief: Brief | None, mark: str, model: str, told: str) -> None:
    briefs = [brief] if brief else []
    night = NightOf([kept("a", "tea", 0.7)], briefs=briefs, marks=[("s-a", mark)], model=model)
    assert entry_of(night.compose(), "tea").mark == told


def test_what_was_not_judged_is_listed_under_its_subject_and_counts_as_neither_kept_nor_dropped() -> None:
    verdicts = [dropped("a", "tea", 0.2), dropped("b", "tea", 0.4), dropped("c", "tea", 0.1), kept("d", "tea", 0.9)]
    digest = NightOf([*verdicts, dropped("a", "salt", 0.3)], unjudged=[("a", "tea"), ("b", "tea")]).compose()
    tea, salt = digest.sections[1:]
    assert ([each.title for each in tea.unjudged], tea.dropped, salt.dropped) == (["About b", "About a"], 1, 1)
    assert [each.title for each in digest.dropped] == ["About c"]


def test_ledger_and_counts_pass_unchanged() -> None:
    row, counts = PollRow("Mill", "rss", "failed", "502"), ItemCounts(new=3)
    digest = NightOf([], ledger=[row], counts=counts).compose()
    assert (digest.night, digest.ledger, digest.counts) == (NIGHT, (row,), counts)


_ITEM_IDS = "abcdef"
_SCORES = st.sampled_from((0.0, 0.25, 0.5, 0.5, 1.0))
_DECISIONS: st.SearchStrategy[Decision] = st.sampled_from(("kept", "dropped"))


@st.composite
def nights(draw: st.DrawFn) -> NightOf:
    keys = st.tuples(st.sampled_from(_ITEM_IDS), st.sampled_from([subject.slug for subject in SUBJECTS]))
    judged = draw(st.dictionaries(keys, st.tuples(_DECISIONS, _SCORES)))
    unjudged = draw(st.lists(st.sampled_from(sorted(judged)))) if judged else []
    unfit = draw(st.sets(st.sampled_from(_ITEM_IDS))) - {item_id for item_id, _ in judged}
    story_of = draw(st.lists(st.integers(0, 3), min_size=len(_ITEM_IDS), max_size=len(_ITEM_IDS)))
    members = {
        number: tuple(item_id for item_id, of in zip(_ITEM_IDS, story_of, strict=True) if of == number)
        for number in story_of
    }
    return NightOf(
        [
            *(Verdict(*key, decision, score, f"{key} {score}") for key, (decision, score) in judged.items()),
            *(dropped(item_id, None, 0.0) for item_id in sorted(unfit)),
        ],
        stories=[Story(f"s{number}", ids) for number, ids in members.items()],
        items=[item(item_id) for item_id in _ITEM_IDS],
        unjudged=[key for key in unjudged if judged[key][0] == "dropped"],
    )


@given(nights())
def test_every_kept_story_is_told_in_full_exactly_once_where_it_scores_highest(night: NightOf) -> None:
    digest = night.compose()
    entries = [(section.subject, entry) for section in digest.sections for entry in section.entries]
    full = {entry.story_id: subject for subject, entry in entries if entry.home is None}
    kept_ids = {verdict.item_id for verdict in night.verdicts if verdict.decision == "kept"}
    assert sorted(entry.story_id for _, entry in entries if entry.home is None) == sorted(
        story.id for story in night.stories if kept_ids & set(story.item_ids)
    )
    assert all(entry.home == full[entry.story_id] for _, entry in entries if entry.home is not None)
    best = {entry.story_id: entry.score for _, entry in entries if entry.home is None}
    assert all(entry.score <= best[entry.story_id] for _, entry in entries)


@given(nights())
def test_every_judged_item_is_told_or_listed_as_dropped_or_not_judged(night: NightOf) -> None:
    digest = night.compose()
    unjudged = {each.title.removeprefix("About ") for section in digest.sections for each in section.unjudged}
    told = {entry.story_id for section in digest.sections for entry in section.entries}
    in_told = {item_id for story in night.stories if story.id in told for item_id in story.item_ids}
    listed = [each.title.removeprefix("About ") for each in digest.dropped]
    assert not unjudged & in_told
    assert sorted([*listed, *unjudged]) == sorted({verdict.item_id for verdict in night.verdicts} - in_told)


@given(nights(), st.randoms(use_true_random=False))
def test_the_order_of_verdicts_and_stories_does_not_matter(night: NightOf, chance: random.Random) -> None:
    shuffled = replace(
        night,
        verdicts=chance.sample(night.verdicts, len(night.verdicts)),
        stories=chance.sample(night.stories, len(night.stories)),
    )
    assert shuffled.compose() == night.compose()
