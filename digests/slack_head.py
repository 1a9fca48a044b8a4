"""The head of a letter in Slack: what a channel sees before anyone opens the thread."""

from collections.abc import Iterator

from core.digest import Digest, DigestEntry, Trend
from digests.highlights import first_sentence, of_kind, things_to_know
from digests.letter import counts, heading
from digests.outside import plain, plain_title
from digests.slack_elements import Block, Run, context, header, line, link, listed, outside, prose, rich, text
from digests.slack_ledger import loud_failures, notes
from digests.slack_story import title
from digests.slack_text import shortened
from digests.wording import RISING, rise, story_count

_LONGEST_TITLE, _LONGEST_SENTENCE = 150, 400
_RELEASES, _TRENDS = 6, 3
_TEACH = "👍 and 👎 under a story teach the next digest."


def opened(digest: Digest, name: str) -> list[Block]:
    """Return the blocks above the stories, or above the things to know."""
    return [header(heading(digest, name)), *prose(counts(digest))]


def front(digest: Digest) -> list[Block]:
    """Return what stands for the stories while they are in the thread."""
    things = listed([_thing(entry) for entry in things_to_know(digest)], "ordered")
    where = context([f"All {story_count(digest)} stories are in the thread. {_TEACH}"])
    known = rich(line(text("Three things to know", "bold")), things)
    return [known, *notices(digest), *notes(digest), *loud_failures(digest), where]


def notices(digest: Digest) -> list[Block]:
    """Return what new models and releases there are, and what is on the rise."""
    lines = [*_releases(digest), *_rising(digest.trends)]
    return [rich(*lines)] if lines else []


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
