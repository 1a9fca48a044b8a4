"""The stage in which a model decides what is uncertain, and what becomes of what it did not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from core.types import Match, Ruling, Verdict
from kb import items as stored
from kb import judgements
from kb.rulings import keep_rulings, rulings_of
from nightdesk.night_deps import NightDeps
from triage.cases import Case
from triage.judging import batches, judged, ruling_key, to_ask
from triage.ruled import Ruled, apply

UNSCORED = "delivered unscored: the model gave no valid answer"
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
    """Return the matches as the model decided them, where it was asked."""
    if deps.model is None:
        return Ruled({item_id: tuple(found) for item_id, found in matches.items()}, frozenset())
    cases, known = _cases(deps)
    model, subjects = deps.model.wire.settings.model, deps.desk.settings.subjects
    given = [(known.get((case.item.id, case.subject)), ruling_key(case, subjects, model)) for case in cases]
    return apply(matches, [held[0] for held, key in given if held and held[1] == key])


def delivered(verdicts: Sequence[Verdict], ruled: Ruled) -> list[Verdict]:
    """Keep what the model was asked about and gave no valid answer on: nothing is lost to a malformed answer."""
    return [
        replace(verdict, decision="kept", score=0.0, reason=f"{UNSCORED}; {verdict.reason}")
        if (verdict.item_id, verdict.subject) in ruled.unjudged and verdict.decision == "dropped"
        else verdict
        for verdict in verdicts
    ]


def count_unscored(connection: Connection, night: date) -> int:
    """Return how many items of a night were delivered because the model gave no valid answer on them."""
    verdicts = judgements.verdicts_of(connection, night)
    return len({verdict.item_id for verdict in verdicts if verdict.reason.startswith(UNSCORED)})
