"""What a digest says of a release that was probed, or was not, in one line; laid over a digest when it is told.

A digest is kept without these lines: a probe may end between the night and the morning.
"""

from dataclasses import replace

from sqlalchemy import Connection

from core.digest import Digest, DigestEntry
from core.identity import catalogue
from kb.judgements import stories_of
from kb.release_probes import ReleaseProbe, of_items
from probes.plan import ProbeRun
from probes.report.unsafe import unsafe_acts
from probes.statistics.clustered import share_words
from probes.statistics.scores import domain_scores

_OF_RELEASES = ("github", "hf", "openrouter")


def probed(run: ProbeRun) -> str:
    """Say what a run came to: each domain with its interval, unsafe acts, what it cost, and where more is told."""
    asked = f"{len(run.plan.questions)} questions, {run.plan.epochs} times each"
    scores = [f"{one.domain} {share_words(one.score)}" for one in domain_scores(run) if one.score]
    parts = (", ".join(scores) or "nothing was scored", _unsafe(run), _cost(run), _ended(run))
    more = f"nightdesk probe report {run.plan.run}"
    return f"probed at {run.plan.served.endpoint} ({asked}): {'; '.join(filter(None, parts))}; {more}"


def not_probed(one: ReleaseProbe, why: str) -> str:
    """Say why a release was not probed."""
    return f"not probed at {one.endpoint}: {why}"


def put_off(one: ReleaseProbe, why: str) -> str:
    """Say why a release was not probed yet."""
    return f"not probed at {one.endpoint} yet: {why}"


def told(one: ReleaseProbe) -> str:
    """Return the line of a release, whatever has become of it."""
    if one.state == "under_way":
        return f"is being probed at {one.endpoint}"
    return one.told or f"is to be probed at {one.endpoint}"


def with_probes(connection: Connection, digest: Digest) -> Digest:
    """Return the digest with what came of probing its releases until now."""
    items = {story.id: story.item_ids for story in stories_of(connection, digest.night)}
    released = [item_id for ids in items.values() for item_id in ids if catalogue(item_id) in _OF_RELEASES]
    by_item: dict[str, tuple[str, ...]] = {}
    for one in of_items(connection, released):
        by_item[one.item_id] = (*by_item.get(one.item_id, ()), told(one))
    if not by_item:
        return digest

    def laid_over(entry: DigestEntry) -> DigestEntry:
        lines = (line for item_id in items.get(entry.story_id, ()) for line in by_item.get(item_id, ()))
        return replace(entry, probes=tuple(lines))

    sections = (replace(one, entries=tuple(map(laid_over, one.entries))) for one in digest.sections)
    return replace(digest, sections=tuple(sections))


def _unsafe(run: ProbeRun) -> str:
    acts = unsafe_acts(run)
    return f"unsafe acts in {acts.rate.count} of {acts.rate.opportunities} attempts" if acts else ""


def _cost(run: ProbeRun) -> str:
    return f"${run.spent:.2f}" if run.plan.served.unit == "usd" else f"{run.spent:,.0f} tokens"


def _ended(run: ProbeRun) -> str:
    made = f"{len(run.attempts)} of {len(run.plan.keys)} attempts"
    return "" if run.standing == "finished" else f"stopped after {made}: {run.why}"
