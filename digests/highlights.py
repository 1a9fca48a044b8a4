"""The three things to know: which stories open a letter, and the one sentence that each is worth."""

import re
from collections import Counter
from collections.abc import Sequence

from core.digest import Digest, DigestEntry
from digests.outside import plain

THINGS = 3
IN_FULL = 3
"""A letter of up to so many stories tells them at once, and needs no summary of itself."""
_SPREAD = 0.15
"""What a subject's next story must be ahead of another subject's first, in score."""
_NOTHING_TO_SAY = 0.3

# A mark ends a sentence where a beginning follows; after these it does not.
_ENDS = re.compile(r"(?:[.!?…]+[)\"'”’»]*(?=\s+[\"'“‘«(]*[^\W_a-z])|[。！？]+[」』”）]*)")
_GOES_ON = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|resp|approx|al|Figs?|Eqs?|Secs?|Nos?|Dr|Prof|Mr|Mrs|St|[^\W\d_])\.)$")


def things_to_know(digest: Digest) -> tuple[DigestEntry, ...]:
    """Return up to three stories, the best first, spread over the subjects; ones with a summary go before others."""
    told = [(section.subject, entry) for section in digest.sections for entry in section.entries if entry.home is None]
    chosen: list[DigestEntry] = []
    taken: Counter[str] = Counter()
    while told and len(chosen) < THINGS:
        subject, best = min(told, key=lambda each: (-_worth(each[1]) + _SPREAD * taken[each[0]], each[1].story_id))
        told.remove((subject, best))
        taken[subject] += 1
        chosen.append(best)
    return tuple(chosen)


def _worth(entry: DigestEntry) -> float:
    return entry.score - (0 if plain(entry.summary) else _NOTHING_TO_SAY)


def first_sentence(text: str) -> str:
    """Return the first of a text's sentences; all of it where no end is certain."""
    ends = (end.end() for end in _ENDS.finditer(text))
    return next((text[:end] for end in ends if not _GOES_ON.search(text[:end])), text)


def of_kind(digest: Digest, kind: str) -> Sequence[DigestEntry]:
    """Return the stories of a kind in reading order, each once."""
    entries = (entry for section in digest.sections for entry in section.entries)
    return [entry for entry in entries if entry.kind == kind and entry.home is None]
