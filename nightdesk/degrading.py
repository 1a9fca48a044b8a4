"""What gives way as a night's budget runs out, and how readers are told.

Analyses are given up first, then the length of briefs, then the model's summaries.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.types import Brief
from digests.wording import counted
from lm.budget import Budget
from nightdesk.night_deps import NightDeps
from triage.briefs import SPENT

# Briefs are short when less than this share of the budget is left.
_SCARCE = 4


def is_scarce(budget: Budget) -> bool:
    """Tell whether less than a quarter of the night's budget is left."""
    left, limit = budget.left(), budget.limit
    return left is not None and limit is not None and left < limit / _SCARCE


def notes_on(briefs: Sequence[Brief], analyses: int, deps: NightDeps) -> tuple[str, ...]:
    """Return sentences on what the model was to do in a night and did not; none without a model."""
    if deps.model is None or deps.desk.settings.llm is None:
        return ()
    wanted = min(deps.desk.settings.llm.analyses, len(briefs))
    missed = [_few(wanted - analyses, wanted)] if analyses < wanted else []
    if is_scarce(deps.model.budget) or any(brief.why == SPENT for brief in briefs):
        told = _listed([*missed, *_given_way(briefs)])
        return (f"The night’s budget of {_amount(deps.model.budget)} ran low: {told}.",) if told else ()
    why = next((brief.why for brief in briefs if brief.origin == "local" and brief.why), "")
    own = sum(brief.origin == "local" and bool(brief.why) for brief in briefs)
    told = _listed([*missed, *([f"{counted(own, 'summary', 'summaries')} are the source’s own words"] if own else [])])
    return (f"Not everything was asked of the model, or answered: {told}{f' ({why})' if why else ''}.",) if told else ()


def _given_way(briefs: Sequence[Brief]) -> Iterator[str]:
    short = sum(brief.origin == "model" and all(point.kind == "new" for point in brief.points) for brief in briefs)
    if short:
        yield f"{counted(short, 'brief is', 'briefs are')} short"
    own = sum(brief.why == SPENT for brief in briefs)
    if own:
        yield f"{counted(own, 'summary is', 'summaries are')} the source’s own words"


def _few(missing: int, wanted: int) -> str:
    return f"{missing} of {counted(wanted, 'analysis', 'analyses')} left out"


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _amount(budget: Budget) -> str:
    limit = budget.limit or Decimal(0)
    return f"${limit:f}" if budget.price.unit == "usd" else f"{limit:,.0f} tokens"
