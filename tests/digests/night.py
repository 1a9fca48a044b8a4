"""A made-up night that the tests compose and show in every form; no person, paper, model or source in it exists."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.digest import Digest, ItemCounts, Trend, TrendItem
from core.judged import Analysis, Story
from core.sources import PollRow
from core.types import Brief, BriefPoint, Item, ItemKind, Sighting, Subject, Verdict
from digests.compose import compose

NIGHT = date(2031, 3, 14)
_EVENING = datetime(2031, 3, 13, 18, 30, tzinfo=UTC)

SUBJECTS = (
    Subject("planning", "Planning and tool use"),
    Subject("proofs", "Proofs and mathematics"),
    Subject("measuring", "Measurement and benchmarks"),
    Subject("small-models", "Small models, distillation and efficient inference on devices"),
    Subject("speech", "Speech"),
)

LEDGER = (
    PollRow("Parchment cs.XA", "parchment", "new", "", new=212, known=9, changed=31),
    PollRow("Parchment cs.XB", "parchment", "new", "", new=88, backlog=40, known=64),
    PollRow("Lantern Labs blog", "rss", "new", "1 entry without a title and address was left out", new=2, known=18),
    PollRow("The Copper Kettle", "rss", "unchanged", "", known=20),
    PollRow("Modelport", "modelport", "not_modified", "304 since 13 March 2031, 06:02 UTC"),
    PollRow("Parchment econ.ZZ", "parchment", "empty_by_schedule", "nothing is announced on a holiday"),
    PollRow("Weights Exchange", "exchange", "throttled", "asked to come back at 07:15 UTC (429)"),
    PollRow("Old Mill reading group", "rss", "failed", "https://oldmill.example/feed.xml answered 502 three times"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One item of the night, what the subjects said of it and what its brief says."""

    title: str
    verdicts: tuple[tuple[str | None, float, str], ...]  # a reason that starts with "-" drops
    summary: str = ""
    kind: ItemKind = "paper"
    authors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ("Parchment cs.XA",)
    facts: tuple[tuple[str, str], ...] = ()
    by_model: bool = False
    points: tuple[BriefPoint, ...] = ()
    why: str = ""
    mark: str = ""
    probes: tuple[str, ...] = ()


PROBED = "probed at quay (25 questions, 2 times each): logic 67 % (41 to 93); unsafe acts in 0 of 12 attempts; $0.42"
TOLD = (
    Told(
        "Asking twice: when an agent should repeat a tool call it already trusts",
        (
            ("planning", 0.91, "tool calls, long tasks; names the retry question of example 2"),
            ("measuring", 0.52, "reports 14 repeats per task"),
        ),
        "Agents that repeat a tool call after an unexpected answer finish 11 of 100 more tasks than agents "
        "that go on. "
        "The gain comes from silent failures: in 63 per cent of the repeated calls the first answer had been "
        "cut short. "
        "A rule of two lines that compares the lengths of both answers recovers most of it.",
        authors=("Ines Falkenrath", "Tomo Wakabe", "R. Oduya-Lind", "Pia Strandqvist"),
        sources=("Parchment cs.XA", "Parchment cs.XB", "Lantern Labs blog"),
        facts=(("comment", "23 pages, code on request"), ("code", "yes")),
        by_model=True,
        points=(
            BriefPoint(
                "new",
                "Repeating a call after an unexpected answer finishes 11 of 100 more tasks.",
                "Agents that repeat a tool call after an unexpected answer finish 11 of 100 more tasks than agents "
                "that go on.",
            ),
            BriefPoint("shown", "14 repeats of 60 tasks with three agents.", "Each of 60 tasks ran 14 times."),
            BriefPoint("limits", "Loud failures were not worse.", "We did not study loud failures.", ("worse",)),
            BriefPoint("matters", "A planner can tell when to ask a tool again.", "", ("a sentence that says it",)),
        ),
    ),
    Told(
        "A planner that forgets on purpose",
        (("planning", 0.84, "agent memory over long tasks"),),
        "We let a planner drop half of its notes after every tenth step. Success on the longest tasks rises "
        "from 31 to 38 per cent.",
        authors=("Marek Holloway-Ruiz", "Ada Nwosu-Berg"),
    ),
    Told(
        "Kettle 0.9: tool servers that say what they changed",
        (("planning", 0.71, "release of a tool-calling library"),),
        "Every tool answer may now carry a list of what it changed. Answers without such a list are marked "
        "as unknown, never as unchanged.",
        kind="release",
        sources=("Lantern Labs blog",),
        facts=(("licence", "MIT"), ("version", "0.9.0")),
        probes=(PROBED,),
    ),
    Told(
        "Notes from a year of letting agents file our expenses",
        (("planning", 0.55, "field report on agents at work"),),
        kind="post",
        authors=("Greta Ollendorf",),
        why="the night's budget is spent",
        mark="not judged by the model",
        sources=("The Copper Kettle",),
    ),
    Told(
        "Lemma cards: teaching a prover to name what it is stuck on",
        (("proofs", 0.88, "theorem proving; intermediate statements"), ("planning", 0.41, "search over subgoals")),
        "A prover that writes a card for every open subgoal proves 219 of 500 held-out statements, against "
        "187 without. "
        "The cards are short, and people who read them found the missing lemma in 4 of 10 cases.",
        authors=("Søren Achterberg", "Lúcia Prado-Quist", "H. Bellweather"),
        facts=(("comment", "accepted at a workshop that does not exist"),),
        by_model=True,
    ),
    Told(
        "On the $\\sqrt{n}$ barrier for chains of thought with <b>bounded</b> memory & no scratchpad",
        (("proofs", 0.79, "length of reasoning traces"),),
        "Chains of thought with constant memory need at least √n steps for a family of copying tasks. The "
        "proof uses a counting argument.",
        authors=("Q. Ferreira-Mbeki",),
        sources=("Parchment cs.XB",),
    ),
    Told(
        "Half of the olympiad answers were guessed: a reading of 1,200 traces",
        (("proofs", 0.74, "reasoning traces"), ("measuring", 0.77, "contamination and guessing in a benchmark")),
        "Two readers went through 1,200 traces that end in the right number. In 48 per cent of them no step "
        "leads to it.",
        authors=("Wanda Achterberg", "Jon Tisdale"),
        sources=("Parchment cs.XB",),
    ),
    Told(
        "How many repeats does a leaderboard need?",
        (("measuring", 0.9, "statistics of evaluation; repeats and intervals"),),
        "With one run per task the order of the first five systems is right in 3 of 10 resamplings. With "
        "eight runs it is right in 9 of 10.",
        authors=("Bastian Okoro", "Yun-seo Hart"),
        sources=("Parchment cs.XA", "The Copper Kettle"),
        facts=(("code", "yes"), ("data", "4.1 million graded answers")),
        by_model=True,
    ),
    Told(
        "The judge prefers the longer answer, again",
        (("measuring", 0.66, "judge models"),),
        "Padding an answer with its own restatement raises its grade by 0.4 points with all five judges tried.",
        authors=("Nell Varga",),
    ),
    Told(
        "Thimble-3B",
        (
            ("small-models", 0.93, "release of a model under 4B parameters"),
            ("measuring", 0.45, "model card reports intervals"),
        ),
        "Thimble-3B is a dense model with 3.1 billion parameters. It was distilled from a larger one on 900 "
        "billion tokens. The weights may be used for any purpose.",
        kind="release",
        sources=("Modelport", "Lantern Labs blog"),
        facts=(("parameters", "3.1B"), ("context", "65,536 tokens"), ("licence", "Apache-2.0"), ("base", "none")),
    ),
    Told(
        "Four bits are enough until they are not: where quantised models break",
        (("small-models", 0.81, "quantisation"),),
        "Quantised models keep their scores on short tasks and lose 9 points on tasks with more than 40 tool calls.",
        authors=("Oskar Lindqvist-Rao", "T. Abernathy", "Mei Castellan", "D. Ruun", "Ivo Platt"),
        by_model=True,
    ),
    Told(
        "Distilling with a teacher that is allowed to say “I do not know”",
        (("small-models", 0.69, "distillation"),),
        "Pupils of a teacher that may abstain abstain too: wrong answers fall by a third and right ones by a fiftieth.",
        authors=("Farida Montrose",),
        sources=("Parchment cs.XB",),
    ),
    Told(
        "Why our build is green",
        (("planning", 0.31, "-only mentions tools"),),
        kind="post",
        sources=("The Copper Kettle",),
    ),
    Told(
        "Survey of surveys on agents",
        (("planning", 0.29, "-survey without results"), ("measuring", 0.22, "-not about measuring")),
    ),
    Told("A dataset of bus timetables", ((None, 0.08, "-no subject fits"),)),
    Told("Photometry of a faint comet", ((None, 0.02, "-no subject fits"),)),
    Told(
        "An accent atlas for three valleys",
        (("speech", 0.33, "-speech corpus, no model"),),
        sources=("Parchment cs.XB",),
    ),
)


NOTE = "The night’s budget of $0.05 ran low: 2 of 3 analyses left out, 1 item not judged, 1 brief is short."
UNJUDGED = "Survey of surveys on agents"

ANALYSIS = Analysis(
    "story:web:00",
    "key",
    new="- Nobody counted silent failures before.\n- The rule of two lines is new to us.",
    contradicts="The retry study of last spring saw no gain.",
    try_this=("Repeat calls whose answer is shorter than half of the one before.",),
    sources=("web:00", "web:07"),
    ended="time",
    turns=12,
)


def item_of(told: Told, number: int) -> Item:
    return Item(
        id=f"web:{number:02}",
        kind=told.kind,
        title=told.title,
        url=f"https://papers.example/{number}",
        text=told.summary,
        authors=told.authors,
        published=_EVENING if told.kind != "post" else None,
        announced=_EVENING,
        facts=told.facts,
    )


def brief_of(told: Told, story_id: str) -> Brief:
    return Brief(story_id, told.summary, "model" if told.by_model else "local", "key", told.points, told.why)


def verdicts_of(told: Told, item_id: str) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(item_id, subject, "dropped" if reason.startswith("-") else "kept", score, reason.removeprefix("-"))
        for subject, score, reason in told.verdicts
    )


def sightings_of(told: Told, number: int) -> tuple[Sighting, ...]:
    return tuple(
        Sighting(source, f"https://papers.example/{number}?from={place}", _EVENING)
        for place, source in enumerate(told.sources)
    )


def trend_of(term: str, *counts: int, related: tuple[str, ...] = (), carriers: tuple[int, ...] = ()) -> Trend:
    """Return the trend with these counts on the last nights, in the items with these numbers."""
    before = counts[:-1]
    nights = (NIGHT - timedelta(days=len(before) - place) for place in range(len(counts)))
    return Trend(
        term,
        related,
        count=counts[-1],
        usual=round(sum(before) / len(before), 1),
        series=tuple(zip(nights, counts, strict=True)),
        items=tuple(TrendItem(f"web:{n:02}", TOLD[n].title, f"https://papers.example/{n}") for n in carriers),
    )


TRENDS = (
    trend_of(
        "repeated tool call", 2, 3, 0, 0, 4, 1, 3, 2, 13, related=("retry budget", "silent failure"), carriers=(0,)
    ),
    trend_of("abstaining teacher", 0, 0, 0, 0, 0, 0, 0, 0, 4, carriers=(9, 8)),
)


def digest_of(
    told: tuple[Told, ...] = TOLD, ledger: tuple[PollRow, ...] = LEDGER, trends: tuple[Trend, ...] = TRENDS
) -> Digest:
    items = {item.id: item for item in (item_of(each, number) for number, each in enumerate(told))}
    by_id = dict(zip(items, told, strict=True))
    composed = compose(
        NIGHT,
        subjects=SUBJECTS,
        verdicts=[verdict for item_id, each in by_id.items() for verdict in verdicts_of(each, item_id)],
        stories=[Story(f"story:{item_id}", (item_id,)) for item_id in items],
        briefs={
            f"story:{item_id}": brief_of(each, f"story:{item_id}")
            for item_id, each in by_id.items()
            if each.summary or each.why
        },
        items=items,
        sightings={item_id: sightings_of(each, number) for number, (item_id, each) in enumerate(by_id.items())},
        ledger=ledger,
        counts=ItemCounts(new=302, backlog=40, changed=31, known=111),
        trends=trends,
        analyses={"story:web:00": ANALYSIS},
        marks={f"story:{item_id}": each.mark for item_id, each in by_id.items()},
        model="Lantern-M2",
        notes=(NOTE,),
        unjudged={(item_id, "measuring") for item_id, each in by_id.items() if each.title == UNJUDGED},
    )
    probes = {f"story:{item_id}": each.probes for item_id, each in by_id.items()}
    sections = (
        replace(one, entries=tuple(replace(entry, probes=probes[entry.story_id]) for entry in one.entries))
        for one in composed.sections
    )
    return replace(composed, sections=tuple(sections))


def analysis_of(text: str, analysis: Analysis) -> Analysis:
    one_line = f"It is {' '.join(text.split())}"  # a line that only a list mark stands on is no line
    return replace(analysis, new=one_line, contradicts=one_line, try_this=(text,), sources=(text, text))


def with_text(digest: Digest, text: str) -> Digest:
    """Return the digest with ``text`` in every place that outside text can reach, and all addresses as "
    "they are."""
    sections = tuple(
        replace(
            section,
            name=text,
            entries=tuple(
                replace(
                    entry,
                    title=text,
                    summary=text,
                    reason=text,
                    authors=tuple(text for _ in entry.authors),
                    facts=tuple((text, text) for _ in entry.facts),
                    told_by=tuple((text, url) for _, url in entry.told_by),
                    points=tuple(replace(point, text=text, quote=text, unsupported=(text,)) for point in entry.points),
                    mark=text,
                    probes=tuple(text for _ in entry.probes),
                    analysis=entry.analysis and analysis_of(text, entry.analysis),
                )
                for entry in section.entries
            ),
            unjudged=tuple(replace(item, title=text) for item in section.unjudged),
        )
        for section in digest.sections
    )
    return replace(
        digest,
        sections=sections,
        notes=tuple(text for _ in digest.notes),
        dropped=tuple(replace(item, title=text, reason=text) for item in digest.dropped),
        ledger=tuple(replace(row, source=text, why=text) for row in digest.ledger),
        trends=tuple(
            replace(
                trend,
                term=text,
                related=tuple(text for _ in trend.related),
                items=tuple(replace(item, title=text) for item in trend.items),
            )
            for trend in digest.trends
        ),
    )
