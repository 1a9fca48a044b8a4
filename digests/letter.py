"""What every letter says of itself, whichever way it goes: its name and day, and what the night came to."""

from collections import Counter
from collections.abc import Sequence

from core.digest import Digest, DigestEntry, DigestSection
from core.types import ItemKind
from digests.highlights import of_kind
from digests.outside import plain, plain_title
from digests.slack_text import shortened
from digests.wording import counted, opening, story_count, weekday_and_day

_KINDS: tuple[ItemKind, ...] = ("paper", "release", "post")


def heading(digest: Digest, name: str) -> str:
    """Return what a letter is called: its name, or that of its only subject, and the day."""
    alone = digest.sections[0].name if len(digest.sections) == 1 else ""
    shown = plain(name) or plain(alone)
    day = weekday_and_day(digest.night)
    return f"{shortened(shown, 100)} · {day}" if shown else f"The night of {day}"


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


def also_under(digest: Digest, entry: DigestEntry) -> tuple[str, ...]:
    """Return the names of the other subjects that keep a story."""
    return tuple(
        section.name
        for section in digest.sections
        for other in section.entries
        if other.story_id == entry.story_id and other.home is not None
    )
