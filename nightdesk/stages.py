"""The stages of a night as plain functions: each reads from the store what is to do and writes its result there.

What is written is keyed by what it depends on, so that a stage that is called again does only what is left.
"""

from collections.abc import Sequence
from concurrent.futures import as_completed
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.digest import Digest, ItemCounts
from core.errors import EmbedderError, SourceError, StoreError
from core.polls import Decided, Poll
from core.sources import PollRow
from core.types import Night
from digests.compose import compose
from digests.markdown import to_markdown
from digests.page import to_page
from feeds.arxiv_api import filled
from feeds.decide import decide, ledger_row, recognised, with_gone
from feeds.poll import addresses, asker, conclude
from kb import items as stored
from kb import judgements, ledger
from kb.clicks import less_wanted
from kb.embedding import Embeds
from kb.engine import driver_of
from kb.novelty import familiar
from kb.trends import news_by_night
from kb.vector_rows import current_model, load_vectors
from kb.vectors import embed_pending
from nightdesk import stored_digest
from nightdesk.briefing import analyses_of, briefs_of, kept_stories, marks_of
from nightdesk.degrading import Done, notes_on
from nightdesk.judging import count_unscored, delivered, listed, places_left, ruled_matches
from nightdesk.lessons import votes_with_items
from nightdesk.night_deps import NightDeps
from nightdesk.release_lines import with_probes
from nightdesk.wiring import Desk
from triage.candidates import Evidence
from triage.relevance import shortlist
from triage.stories import stories
from triage.trends import rising


def gather(deps: NightDeps) -> None:
    """Poll every source that this run has not polled, store what each told at once, and begin to embed it."""
    store = deps.desk.store
    with store.reading() as connection:
        done = ledger.polled(connection, deps.run_id)
        sources = deps.desk.settings.sources if deps.sources is None else deps.sources
        specs = [spec for spec in sources if spec.name not in done]
        known = [(spec, ledger.memory(connection, spec)) for spec in specs]
    for spec, memory in known:
        for url in addresses(spec, deps.night):
            deps.wire.leave_alone(url, memory.throttled_until)
    for place, asked in enumerate(deps.fan_out(asker(deps.wire.fetch, deps.night), known), 1):
        deps.progress(f"gathered {place} of {len(specs)} sources: {asked.spec.name}")
        _store_poll(deps, conclude(asked, deps.wire.arxiv, deps.night))


def _store_poll(deps: NightDeps, poll: Poll) -> None:
    spec = poll.spec
    with deps.desk.store.reading() as connection:
        guids = stored.ids_of_guids(connection, spec.name, (item.guid for item in poll.items))
        ids = {item.id for item in poll.items}.union(guids.values())
        known = stored.known_items(connection, ids, spec.name)
    poll = replace(poll, items=recognised(poll.items, known, guids))
    poll, decided = _with_details(poll, decide(poll, known, deps.night), deps)
    # What a source said before its last poll must not overwrite what it says now.
    told = [one for one in decided if one.novelty in ("news", "backlog")] if poll.is_past else decided
    with deps.desk.store.writing() as connection:
        row = ledger_row(poll, decided)
        if poll.is_whole and not poll.is_past:
            listed = [item.id for item in poll.items]
            row = with_gone(row, stored.mark_gone(connection, listed, spec.name, deps.night.date))
        stored.remember_items(connection, told, spec.name, deps.night.date)
        ledger.remember_poll(connection, deps.run_id, poll, row, deps.night.now)
    if any(one.novelty != "known" for one in told):
        deps.embeddings.append(deps.embedding.submit(_embed, deps, spec.name))


def _embed(deps: NightDeps, source: str | None = None) -> int:
    return embed_pending(deps.desk.store, lambda: _embedder(deps), deps.progress, source)


def _embedder(deps: NightDeps) -> Embeds:
    deps.ready.result()
    return deps.desk.embedder


def _with_details(poll: Poll, decided: Sequence[Decided], deps: NightDeps) -> tuple[Poll, Sequence[Decided]]:
    """Ask arXiv for the abstracts of new papers that came without one; where it does not answer, the ledger says so."""
    bare = [one for one in decided if one.novelty == "news" and one.item.kind == "paper" and not one.item.text]
    if not bare:
        return poll, decided
    try:
        papers = {paper.id: paper for paper in filled((one.item for one in bare), deps.wire.arxiv)}
    except SourceError as error:
        why = f"no abstracts for {len(bare)} papers: {error}"
        return replace(poll, why=f"{poll.why}; {why}" if poll.why else why), decided
    return poll, [replace(one, item=papers.get(one.item.id, one.item)) for one in decided]


def remember(deps: NightDeps) -> None:
    """Embed what has no vector yet and hand it to the index.

    What gathering began to embed is indexed and classified source by source, beside the embedding of the next.
    Raises EmbedderError when the model does not answer; what waits is kept.
    """
    try:
        _remember(deps)
    except EmbedderError as error:
        raise EmbedderError(f"{error}; what was gathered is kept and waits: run the same command again") from error


def _remember(deps: NightDeps) -> None:
    index = deps.desk.index
    for done in as_completed(deps.embeddings):
        done.result()
        index.drain(deps.desk.store)
        classify(deps)
    _embed(deps)
    index.drain(deps.desk.store)


def classify(deps: NightDeps) -> None:
    """Match with the subjects what was not matched with them yet, background included.

    When the configuration changed, that is everything; when votes did, the night's news.
    """
    matcher = deps.ready.result()
    hints = {spec.name: spec.subjects for spec in deps.desk.settings.sources if spec.subjects}
    key = judgements.MatchKey(matcher.wording, matcher.taught)
    with deps.desk.store.reading() as connection:
        current = current_model(driver_of(connection))
        if current is None or current.name != deps.desk.model_name:
            return  # vectors of a former model, which the subjects cannot be compared with; the others are on their way
        ids, vectors = load_vectors(driver_of(connection), judgements.unmatched_ids(connection, key, deps.night.date))
        items = stored.get_items(connection, ids)
        hinted = _hinted(connection, ids, hints)
    if not ids:
        return
    deps.progress(f"sorting {len(ids)} items by subject")
    matches = matcher.classifier.match([items[item_id] for item_id in ids], vectors, hinted)
    with deps.desk.store.writing() as connection:
        judgements.keep_matches(connection, matches, key)


def _hinted(connection: Connection, ids: Sequence[str], hints: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return the subjects that the sources of each item are configured for."""
    if not hints:
        return {}
    sightings = stored.sightings_of(connection, ids)
    return {
        item_id: frozenset(slug for sighting in told for slug in hints.get(sighting.source, ()))
        for item_id, told in sightings.items()
    }


def make_shortlist(deps: NightDeps) -> None:
    """Find the night's stories and decide which are worth reading."""
    night, subjects = deps.night.date, deps.desk.settings.subjects
    with deps.desk.store.reading() as connection:
        items = {item.id: item for item in stored.news_of(connection, night)}
        ids, matrix = load_vectors(driver_of(connection), list(items))
        vectors = dict(zip(ids, matrix, strict=True))
        ruled = ruled_matches(deps, judgements.matches_of(connection, ids))
        evidence = Evidence(
            ruled.matches,
            stored.sightings_of(connection, ids),
            vectors,
            familiar(connection, ids, matrix, night),
            votes_with_items(connection),
            less_wanted(connection),
        )
    told = stories(list(items.values()), vectors)
    chosen = shortlist(subjects, items, told, evidence)
    verdicts = delivered(chosen, ruled.unjudged, places_left(chosen, told, subjects))
    with deps.desk.store.writing() as connection:
        judgements.keep_shortlist(connection, night, verdicts, told)


def compose_digest(deps: NightDeps) -> Digest:
    """Compose the night's digest, store it, write its files and return it."""
    digest = _digest(deps)
    with deps.desk.store.writing() as connection:
        judgements.keep_digest(connection, deps.night.date, stored_digest.dump(digest))
    write_files(deps.desk, deps.night.date)
    return digest


def write_files(desk: Desk, night: date) -> None:
    """Write a stored digest's files, with what is known by now of its releases; nothing where there is none."""
    with desk.store.reading() as connection:
        content = judgements.find_digest(connection, night)
        if content is None:
            return
        digest = with_probes(connection, stored_digest.load(content))
    markdown, page = digest_files(desk, night)
    _write(markdown, to_markdown(digest))
    _write(page, to_page(digest))


def _digest(deps: NightDeps) -> Digest:
    night = deps.night.date
    with deps.desk.store.reading() as connection:
        items = {item.id: item for item in stored.news_of(connection, night)}
        told = kept_stories(connection, deps.night)
        rows = ledger.night_rows(connection, night)
        verdicts = judgements.verdicts_of(connection, night)
        briefs, analyses = briefs_of(connection, told, deps), analyses_of(connection, told, deps)
        return compose(
            night,
            subjects=deps.desk.settings.subjects,
            verdicts=verdicts,
            stories=judgements.stories_of(connection, night),
            briefs=briefs,
            items=items,
            sightings=stored.sightings_of(connection, list(items)),
            ledger=rows,
            counts=count(rows),
            trends=rising(night, news_by_night(connection, night)),
            analyses=analyses,
            marks=marks_of(connection, told, night),
            model=deps.model.wire.settings.model if deps.model else "",
            notes=notes_on(Done(tuple(briefs.values()), len(analyses), count_unscored(verdicts)), deps),
            unjudged=listed(verdicts),
        )


def count(rows: Sequence[PollRow]) -> ItemCounts:
    """Return the sums of a ledger: an item counts as new, or as background, under the source that told of it first."""
    return ItemCounts(
        new=sum(row.new for row in rows),
        backlog=sum(row.backlog for row in rows),
        changed=sum(row.changed for row in rows),
        known=sum(row.known for row in rows),
    )


def digest_files(desk: Desk, night: date) -> tuple[Path, Path]:
    """Return where the digest's Markdown and page stand."""
    folder = desk.data_dir / "digests" / night.isoformat()
    return folder / "digest.md", folder / "digest.html"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(path.suffix + ".tmp")
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def subject_numbers(connection: Connection, night: Night, slugs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return how many items each subject kept and dropped on a night."""
    numbers: dict[str, dict[str, Any]] = {slug: {"kept": 0, "dropped": 0} for slug in slugs}
    for verdict in judgements.verdicts_of(connection, night.date):
        if verdict.subject in numbers:
            numbers[verdict.subject][verdict.decision] += 1
    return numbers
