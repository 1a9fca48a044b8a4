"""A hit as lines: text from outside made plain, matched words standing out, and what became of it."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.types import History, SearchHit, Verdict
from digests.outside import plain
from nightdesk.lines import Line

_MARKED = "bold yellow"


def hit_lines(place: int, hit: SearchHit) -> Iterator[Line]:
    """Yield what is printed of a hit."""
    yield ((f"{place:>2}. ", ""), *title_of(hit), (f"  {facts_of(hit)} · {hit.score:.2f}", "dim"))
    yield ((f"    {plain(hit.item.url)}", "dim"),)
    if hit.found_in != "title":
        yield (("    ", ""), *passage_of(hit))
    yield from (((f"    {line}", "dim"),) for line in history_lines(hit.history, decisions=3))


def title_of(hit: SearchHit) -> Line:
    """Return the title with the words of the question marked."""
    return tuple(_marked(hit.item.title, hit.title_marks, "bold"))


def passage_of(hit: SearchHit) -> Line:
    """Return the passage that made it a hit, and where it stands when that is not the item's own text."""
    origin = f"({hit.found_in}) " if hit.found_in not in ("text", "title") else ""
    return ((origin, ""), *_marked(hit.snippet, hit.marks, ""))


def facts_of(hit: SearchHit) -> str:
    """Return its kind, day and subjects."""
    published = hit.item.published.date().isoformat() if hit.item.published else ""
    return " · ".join(filter(None, (hit.item.kind, published, ", ".join(hit.subjects))))


def history_lines(past: History, *, decisions: int) -> Iterator[str]:
    """Yield who told of an item, the latest decisions, its brief, the digests it was in and what readers said."""
    if past.sightings:
        yield "told by " + ", ".join(dict.fromkeys(plain(sighting.source) for sighting in past.sightings))
    yield from (_decided(night, verdict) for night, verdict in past.decisions[:decisions])
    if past.brief:
        yield f"brief: {plain(past.brief.summary)}"
    if past.digests:
        yield "in the digest of " + ", ".join(night.isoformat() for night in past.digests)
    for vote in past.votes:
        yield f"{plain(vote.voter)}: {vote.opinion.replace('_', ' ')} for {vote.subject} {plain(vote.note)}".rstrip()


def _decided(night: date, verdict: Verdict) -> str:
    under = f" under {verdict.subject}" if verdict.subject else ""
    return f"{verdict.decision} on {night}{under}: {plain(verdict.reason)}"


def _marked(text: str, marks: Sequence[tuple[int, int]], style: str) -> Iterator[tuple[str, str]]:
    """Yield a text with the marked parts emphasised; each part is made plain alone, so that marks stay."""
    done = 0
    for start, end in [*marks, (len(text), len(text))]:
        yield _plain_part(text[done:start]), style
        yield _plain_part(text[start:end]), f"{style} {_MARKED}".strip()
        done = end


def _plain_part(part: str) -> str:
    """Return a part of a text made plain, with the spaces at its ends, which ``plain`` would take away."""
    return plain(f"|{part}|")[1:-1]
