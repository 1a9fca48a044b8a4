"""A report as JSON values, each figure with what it stands on."""

from dataclasses import asdict
from typing import Any

from probes.personality import Contrast, Manner, manner_words
from probes.plan import ProbeRun
from probes.report.findings import ProbeReport, Taken, Told
from probes.report.summary import summary
from probes.report.unsafe import UnsafeActs
from probes.report.wording import contrast
from probes.statistics.clustered import Estimate
from probes.statistics.comparing import Gap, gap_words
from probes.statistics.preferring import Preference
from probes.statistics.rare import Rate, rate_words
from probes.statistics.scores import DomainScore


def to_json(report: ProbeReport) -> dict[str, Any]:
    """Return a run with how it compares, or several beside each other."""
    told = {"summary": list(summary(report)), "contrasts": [_contrast(one, report) for one in report.contrasts]}
    runs = [_run(one) for one in report.runs]
    if len(runs) == 1:
        return {**runs[0], **told}
    comparisons = [_gap(one, report.labels) for one in report.gaps]
    preferences = [_preference(one) for one in report.preferences]
    return {"runs": runs, "comparisons": comparisons, "preferences": preferences, **told}


def _run(told: Told) -> dict[str, Any]:
    """Return one run."""
    return {
        **standing_json(told.run),
        "findings": [asdict(one) for one in told.run.findings],
        "domains": [_domain(one) for one in told.domains],
        "manner": [_manner(one) for one in told.manners],
        "unsafe": _unsafe(told.unsafe),
        "took": _taken(told.taken),
    }


def standing_json(run: ProbeRun) -> dict[str, Any]:
    """Return what a run set out to do and how far it came."""
    plan = run.plan
    return {
        "run": plan.run,
        "model": plan.served.model,
        "endpoint": plan.served.endpoint,
        "host": plan.served.host,
        "provider": dict(plan.served.provider),
        "parameters": dict(plan.served.parameters),
        "tier": plan.tier,
        "seed": plan.seed,
        "epochs": plan.epochs,
        "started": plan.started.isoformat(),
        "attempts": len(run.attempts),
        "planned": len(plan.keys),
        "standing": run.standing,
        "why": run.why,
        "spent": f"{run.spent:f}",
        "unit": plan.served.unit,
    }


def _domain(one: DomainScore) -> dict[str, Any]:
    return {
        "domain": one.domain,
        "questions": one.questions,
        "attempts": one.attempts,
        "score": None if one.score is None else one.score.mean,
        "estimate": _estimate(one.score),
        "counting_missing": _estimate(one.counting),
        "k": one.k,
        "pass_at_k": _estimate(one.some_pass),
        "pass_all_k": _estimate(one.all_pass),
        "detectable_gap": one.detectable,
        "enough_to_rank": one.is_enough,
        "states": dict(one.states),
    }


def _estimate(one: Estimate | None) -> dict[str, Any] | None:
    if one is None:
        return None
    # One family has no error: JSON knows no infinity.
    error = one.error if one.families > 1 else None
    return {
        "mean": one.mean,
        "low": one.low,
        "high": one.high,
        "error": error,
        "questions": one.questions,
        "families": one.families,
    }


def _preference(one: Preference) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "judge": one.judge,
        "pairs": one.pairs,
        "missing": one.missing,
        "agreement": one.agreement,
        "by_place": one.by_place,
        "with_scorer": one.with_scorer,
        "scored": one.scored,
        "leaning": _estimate(one.leaning),
        "p_holm": one.adjusted,
        "verdict": one.verdict,
    }


def _gap(gap: Gap, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "domain": gap.domain,
        "first": gap.first,
        "second": gap.second,
        "difference": _estimate(gap.difference),
        "p": gap.difference.p,
        "p_holm": gap.adjusted,
        "detectable_gap": gap.difference.detectable,
        "same_instances": gap.is_paired,
        "verdict": gap.verdict,
        "says": gap_words(gap, labels[gap.first], labels[gap.second]),
    }


def _manner(one: Manner) -> dict[str, Any]:
    return {
        "trait": one.trait.name,
        "says": manner_words(one),
        "estimate": _estimate(one.estimate),
        "attempts": one.attempts,
        "quotes": [asdict(quote) for quote in one.quotes],
    }


def _contrast(one: Contrast, report: ProbeReport) -> dict[str, Any]:
    return {
        "trait": one.trait.name,
        "more": one.more,
        "less": one.less,
        "difference": _estimate(one.difference),
        "says": contrast(one, report),
    }


def _unsafe(acts: UnsafeActs | None) -> dict[str, Any] | None:
    if acts is None:
        return None
    told = [{"question": one.question, "epoch": one.epoch, **asdict(one.flag)} for one in acts.flagged]
    kinds = {kind: _rate(rate) for kind, rate in acts.kinds}
    return {**_rate(acts.rate), "kinds": kinds, "acts": told}


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "attempts": rate.count,
        "opportunities": rate.opportunities,
        "low": rate.low,
        "high": rate.high,
        "says": rate_words(rate),
    }


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "median_seconds": taken.median_seconds,
        "slow_seconds": taken.slow_seconds,
        "tokens_in": taken.tokens_in,
        "tokens_out": taken.tokens_out,
    }
