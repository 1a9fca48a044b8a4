"""The head of a letter: what a channel sees before anyone opens the thread."""

from collections import Counter
from collections.abc import Iterator, Sequence

from core.types import Digest, DigestEntry, DigestSection, ItemKind, Trend
from digests.highlights import first_sentence, of_kind, things_to_know
from digests.outside import plain, plain_title
from digests.slack_elements import Block, Run, context, header, line, link, listed, outside, prose, rich, text
from digests.slack_ledger import failures
from digests.slack_story import title
from digests.slack_text import shortened
from digests.wording import RISING, counted, opening, rise, story_count, weekday_and_day

IN_THE_HEAD = 3
"""Up to so many stories are told in the head itself; more go into its thread."""

_LONGEST_TITLE, _LONGEST_SENTENCE = 150, 400
_RELEASES, _TRENDS = 6, 3
_KINDS: tuple[ItemKind, ...] = ("paper", "release", "post")
_TEACH = "👍 and 👎 under a story teach the next digest."


def heading(digest: Digest, name: str) -> str:
    """Return what a letter is called: its name, or that of its only subject, and the day."""
    alone = digest.sections[0].name if len(digest.sections) == 1 else ""
    shown = plain(name) or plain(alone)
    day = weekday_and_day(digest.night)
    return f"{shortened(shown, 100)} · {day}" if shown else f"The night of {day}"


def opened(digest: Digest, name: str) -> list[Block]:
    """Return the blocks above the stories, or above the things to know."""
    return [header(heading(digest, name)), *prose(counts(digest))]


def front(digest: Digest) -> list[Block]:
    """Return what stands for the stories while they are in the thread."""
    things = listed([_thing(entry) for entry in things_to_know(digest)], "ordered")
    where = context([f"All {story_count(digest)} stories are in the thread. {_TEACH}"])
    return [rich(line(text("Three things to know", "bold")), things), *notices(digest), *failures(digest), where]


def notices(digest: Digest) -> list[Block]:
    """Return what new models and releases there are, and what is on the rise."""
    lines = [*_releases(digest), *_rising(digest.trends)]
    return [rich(*lines)] if lines else []


def counts(digest: Digest) -> str:
    """Return what the night came to: ``9 stories from 302 new items: 7 papers, 2 releases.``, or why to nothing."""
    stories = story_count(digest)
    if not stories:
        return opening(digest).removesuffix(".") + "."
    kinds = Counter(entry.kind for kind in _KINDS for entry in of_kind(digest, kind))
    told = ", ".join(counted(kinds[kind], kind) for kind in _KINDS if kinds[kind])
    kept = f"{counted(stories, 'story', 'stories')} from {counted(digest.counts.new, 'new item')}"
    return f"{kept}: {told}.{_untold(digest)}"


def _untold(digest: Digest) -> str:
    """Return the sentences on subjects under which no story stands."""
    empty = [section for section in digest.sections if not section.entries]
    elsewhere = [s for s in digest.sections if s.entries and all(entry.home for entry in s.entries)]
    told = f" Nothing for {_names(empty)}." if empty else ""
    return told + (f" What is for {_names(elsewhere)} stands under other subjects." if elsewhere else "")


def _names(sections: Sequence[DigestSection]) -> str:
    return ", ".join(shortened(plain_title(section.name), 60) for section in sections)


def spoken_head(digest: Digest, name: str) -> str:
    """Return the head as it is read aloud."""
    said = f"{heading(digest, name)}: {counts(digest)}"
    names = [shortened(plain_title(entry.title), _LONGEST_TITLE) for entry in things_to_know(digest)]
    return f"{said} To know: {'; '.join(names)}." if names else said


def _thing(entry: DigestEntry) -> Block:
    sentence = shortened(first_sentence(plain(entry.summary)), _LONGEST_SENTENCE)
    return line(title(entry, _LONGEST_TITLE), text("\n") if sentence else [], outside(sentence))


def _releases(digest: Digest) -> Iterator[Block]:
    released = of_kind(digest, "release")
    if released:
        names = [link(shortened(plain_title(entry.title), 80), entry.url) for entry in released[:_RELEASES]]
        yield line(text("New models and releases: ", "bold"), *_joined(names), _more(len(released) - _RELEASES))


def _rising(trends: tuple[Trend, ...]) -> Iterator[Block]:
    if trends:
        told = [outside(f"{shortened(plain_title(trend.term), 60)}, {rise(trend)}") for trend in trends[:_TRENDS]]
        yield line(text(f"{RISING}: ", "bold"), *_joined(told, "; "), _more(len(trends) - _TRENDS))


def _joined(parts: list[list[Run]], between: str = ", ") -> Iterator[list[Run]]:
    for place, part in enumerate(parts):
        yield [*(text(between) if place else []), *part]


def _more(number: int) -> list[Run]:
    return text(f" and {number} more") if number > 0 else []
