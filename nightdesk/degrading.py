"""What gives way as a night's budget runs out or its model fails, and how readers are told.

Analyses are given up first, then the length of briefs, then the model's summaries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.types import Brief
from digests.wording import counted
from lm.budget import Budget
from nightdesk.night_deps import NightDeps
from triage.briefs import INVALID, SHORT, SPENT, UNASKED

# Briefs are short when less than this share of the budget is left.
_SCARCE = 4


@dataclass(frozen=True, slots=True)
class Done:
    """What a model did of a night: the briefs, how many analyses, and how many items it was to judge and did not."""

    briefs: tuple[Brief, ...]
    analyses: int
    unjudged: int


def is_scarce(budget: Budget) -> bool:
    """Tell whether less than a quarter of the night's budget is left."""
    left, limit = budget.left(), budget.limit
    return left is not None and limit is not None and left < limit / _SCARCE


def notes_on(done: Done, deps: NightDeps) -> tuple[str, ...]:
    """Return sentences on what the model was to do in a night and did not; none without a model."""
    if deps.model is None or deps.desk.settings.llm is None:
        return ()
    wanted = min(deps.desk.settings.llm.analyses, len(done.briefs))
    missed, short, failed = list(_missed(done, wanted)), list(_given_way(done.briefs)), list(_failed(done.briefs))
    if failed or not (short or is_scarce(deps.model.budget)):
        failed = [*missed, *failed]
    else:
        short = [*missed, *short]
    why = next((brief.why.partition(": ")[2] for brief in done.briefs if _is_failed(brief)), "")
    return (
        *_note(f"The night’s budget of {_amount(deps.model.budget)} ran low", short),
        *_note("Not everything was asked of the model, or answered", failed, why),
    )


def _missed(done: Done, wanted: int) -> Iterator[str]:
    if done.analyses < wanted:
        yield f"{wanted - done.analyses} of {counted(wanted, 'analysis', 'analyses')} left out"
    if done.unjudged:
        yield f"{counted(done.unjudged, 'item')} not judged"


def _given_way(briefs: Sequence[Brief]) -> Iterator[str]:
    short = sum(brief.why == SHORT for brief in briefs)
    if short:
        yield f"{counted(short, 'brief is', 'briefs are')} short"
    own = sum(brief.why == SPENT for brief in briefs)
    if own:
        yield _own_words(own)


def _failed(briefs: Sequence[Brief]) -> Iterator[str]:
    own = sum(map(_is_failed, briefs))
    if own:
        yield _own_words(own)


def _is_failed(brief: Brief) -> bool:
    """Tell whether a model was asked in vain; that it said what its source does not is told beside the story alone."""
    return brief.why.startswith((UNASKED, INVALID))


def _own_words(number: int) -> str:
    return f"{counted(number, 'summary is', 'summaries are')} the sources’ own words"


def _note(of_what: str, parts: Sequence[str], why: str = "") -> Iterator[str]:
    if parts:
        yield f"{of_what}: {', '.join(parts)}{f' ({why})' if why else ''}."


def _amount(budget: Budget) -> str:
    limit = budget.limit or Decimal(0)
    return f"${limit:f}" if budget.price.unit == "usd" else f"{limit:,.0f} tokens"
