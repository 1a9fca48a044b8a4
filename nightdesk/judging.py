"""The stage in which a model decides what is uncertain, and what becomes of what it did not answer."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.judged import Match, Ruling, Story
from core.types import Subject, Verdict
from kb import items as stored
from kb import judgements
from kb.rulings import keep_rulings, rulings_of
from nightdesk.night_deps import NightDeps
from triage.cases import Case
from triage.judging import batches, judged, ruling_key, to_ask
from triage.ruled import Ruled, apply

UNSCORED = "delivered unscored: the model gave no valid answer"
UNJUDGED = "not judged: the model gave no valid answer, and no place was left"
Rulings = Mapping[tuple[str, str], tuple[Ruling, str]]
"""Rulings by item and subject, each with its key."""


def judge(deps: NightDeps) -> None:
    """Let the model decide the night's uncertain matches that it has not decided yet; each call is kept at once."""
    if deps.model is None or deps.asking is None:
        return
    cases, known = _cases(deps)
    model, subjects = deps.model.wire.settings.model, deps.desk.settings.subjects
    keys = {(case.item.id, case.subject): ruling_key(case, subjects, model) for case in cases}
    waiting = [case for case in cases if _is_open(known.get((case.item.id, case.subject)), keys)]
    calls = batches(waiting)
    asking = deps.asking
    answers = asking.at_once(lambda call: judged(call, subjects, submit=asking, model=model), calls)
    for place, answer in enumerate(answers, 1):
        deps.progress(f"asking {model} about what is uncertain: {place} of {len(calls)} calls")
        ruled = [one for one in answer.rulings if one.belongs is not None or answer.error is None]
        with deps.desk.store.writing() as connection:
            keep_rulings(connection, [(one, keys[one.item_id, one.subject]) for one in ruled])


def _cases(deps: NightDeps) -> tuple[tuple[Case, ...], Rulings]:
    """Return what the model is to decide of a night, and what was ruled on its items before."""
    with deps.desk.store.reading() as connection:
        items = {item.id: item for item in stored.news_of(connection, deps.night.date)}
        matches = judgements.matches_of(connection, list(items))
        known = rulings_of(connection, list(items))
    return to_ask(matches, items, deps.desk.settings.subjects), known


def _is_open(known: tuple[Ruling, str] | None, keys: Mapping[tuple[str, str], str]) -> bool:
    """Tell whether a case has no ruling that holds: none, one without an answer, or one on other grounds."""
    if known is None:
        return True
    ruling, key = known
    return ruling.belongs is None or key != keys[ruling.item_id, ruling.subject]


def ruled_matches(deps: NightDeps, matches: Mapping[str, Sequence[Match]]) -> Ruled:
    """Return the matches as the model decided them; unjudged is what it was to decide and did not, for any reason."""
    if deps.model is None:
        return Ruled({item_id: tuple(found) for item_id, found in matches.items()}, frozenset())
    cases, known = _cases(deps)
    model, subjects = deps.model.wire.settings.model, deps.desk.settings.subjects
    given = [(case, known.get((case.item.id, case.subject)), ruling_key(case, subjects, model)) for case in cases]
    held = {(case.item.id, case.subject): ruled[0] for case, ruled, key in given if ruled and ruled[1] == key}
    found = apply(matches, held.values())
    return replace(found, unjudged=found.unjudged | {(case.item.id, case.subject) for case in cases} - held.keys())


def places_left(
    verdicts: Iterable[Verdict], stories: Iterable[Story], subjects: Iterable[Subject]
) -> Counter[str | None]:
    """Return how many more stories each subject may keep."""
    story_of = {item_id: story.id for story in stories for item_id in story.item_ids}
    kept = {(verdict.subject, story_of[verdict.item_id]) for verdict in verdicts if verdict.decision == "kept"}
    taken = Counter(subject for subject, _ in kept)
    return Counter({subject.slug: subject.max_items - taken[subject.slug] for subject in subjects})


def delivered(
    verdicts: Sequence[Verdict], unjudged: Collection[tuple[str, str | None]], left: Counter[str | None]
) -> list[Verdict]:
    """Keep what the model was to decide and did not, the likeliest first, while its subject has places ``left``.

    What no place is left for stays dropped for a reason that says so, and is listed: nothing is lost to a malformed
    answer or an outage, and no page is flooded.
    """
    found = [one for one in verdicts if one.decision == "dropped" and (one.item_id, one.subject) in unjudged]
    left = left.copy()
    changed: dict[tuple[str, str | None], Verdict] = {}
    for verdict in sorted(found, key=lambda one: (-one.score, one.item_id)):
        tell = _unscored if left[verdict.subject] > 0 else _listed
        left[verdict.subject] -= 1
        changed[verdict.item_id, verdict.subject] = tell(verdict)
    return [changed.get((verdict.item_id, verdict.subject), verdict) for verdict in verdicts]


def _unscored(verdict: Verdict) -> Verdict:
    return replace(verdict, decision="kept", score=0.0, reason=f"{UNSCORED}; {verdict.reason}")


def _listed(verdict: Verdict) -> Verdict:
    return replace(verdict, reason=f"{UNJUDGED}; {verdict.reason}")


def count_unscored(verdicts: Iterable[Verdict]) -> int:
    """Return how many items were delivered or listed because the model gave no valid answer on them."""
    return len({verdict.item_id for verdict in verdicts if verdict.reason.startswith((UNSCORED, UNJUDGED))})


def listed(verdicts: Iterable[Verdict]) -> frozenset[tuple[str, str]]:
    """Return the items and subjects that are told as not judged."""
    return frozenset((one.item_id, one.subject or "") for one in verdicts if one.reason.startswith(UNJUDGED))
