"""A probe's report in a terminal: what can be told, the scores as drawn intervals, manner, and what it took."""

from collections.abc import Iterator

from nightdesk.output import Block, print_blocks, print_labelled, print_table, say
from probes.personality import Manner, amount
from probes.report import wording
from probes.report.findings import ProbeReport, Told
from probes.report.manners import trait_rows
from probes.report.summary import listed, summary
from probes.report.unsafe import Flagged
from probes.statistics.clustered import share_words
from probes.statistics.rare import rate_words
from probes.statistics.scores import DomainScore

_QUOTE = 90
_ACTS = 12


def print_report(found: ProbeReport) -> None:
    """Print one run, or several side by side."""
    print_labelled([(told.label, _standing(told)) for told in found.runs])
    print_labelled([("", ""), *((" ·", sentence) for sentence in summary(found)), ("", "")])
    _print_scores(found)
    _print_pairs(found)
    _print_manner(found)
    print_labelled([*(line for told in found.runs for line in _unsafe(told)), ("", "")])
    _print_taken(found)
    for told in found.runs:
        for one in told.run.findings:
            if one.ok is False:
                say(f"the serving of {told.label}: {one.name}: {one.detail}. {one.advice}")


def _standing(told: Told) -> str:
    plan = told.run.plan
    made = f"{len(told.run.attempts)} of {len(plan.keys)} attempts"
    return f"at {plan.served.endpoint}, {plan.tier}, seed {plan.seed}, {made}, {told.run.standing}; run {plan.run}"


def _print_scores(found: ProbeReport) -> None:
    repeats = max(told.run.plan.epochs for told in found.runs)
    rows = [row for domain in found.domains for row in _domain_rows(found, domain)]
    print_table("Scores", ("domain", "questions", "score", "0 to 100 %", f"pass^{repeats}"), rows)
    print_labelled([*(line for told in found.runs for line in _beside(told, found)), ("", "")])


def _domain_rows(found: ProbeReport, domain: str) -> Iterator[tuple[str, ...]]:
    scored = [(told.label, one) for told in found.runs for one in told.domains if one.domain == domain]
    if len(found.runs) > 1:
        yield domain, "", "", "", ""
    for label, one in scored:
        if one.score is not None:
            name = f"  {label}" if len(found.runs) > 1 else domain
            yield name, str(one.questions), share_words(one.score), wording.bar(one.score), wording.share(one.all_pass)


def _beside(told: Told, found: ProbeReport) -> Iterator[tuple[str, str]]:
    """Yield what stands beside the scores of a run: ends without a score, and alone which gaps it could tell."""
    of_whom = f", {told.label}" if len(found.runs) > 1 else ""
    ends = [f"{one.domain}: {ended}" for one in told.domains if (ended := wording.states(one.states)) != "–"]
    if ends:
        yield f"not scored{of_whom}", "; ".join(ends)
    if len(found.runs) == 1:
        yield "gap that shows", "; ".join(_gap_to_tell(told.domains))


def _gap_to_tell(domains: tuple[DomainScore, ...]) -> Iterator[str]:
    yield from (f"{one.domain} {wording.gap_to_tell(one)}" for one in domains if one.is_enough)
    few = [one.domain for one in domains if one.score and not one.is_enough]
    if few:
        yield f"none in {listed(few)}"


def _print_pairs(found: ProbeReport) -> None:
    told = [one for one in found.gaps if one.verdict != "too_few"]
    rows = [(one.domain, found.labels[one.first], found.labels[one.second], wording.gap(one, found)) for one in told]
    if rows:
        print_table("In pairs, after Holm", ("domain", "one", "other", "what can be told"), rows)
        print_labelled([("", "")])


def _print_manner(found: ProbeReport) -> None:
    if len(found.runs) == 1:
        blocks = [_block(one) for one in found.runs[0].manners]
        print_blocks("Manner", ("trait", "how often", "attempts", "questions"), blocks)
        return
    rows = [
        (row.trait.says, *("–" if one is None else amount(one) for one in row.manners)) for row in trait_rows(found)
    ]
    print_table("Manner", ("trait", *(told.label for told in found.runs)), rows)


def _block(one: Manner) -> Block:
    quotes = tuple(f"“{_short(quote.text)}” {quote.question}" for quote in one.quotes[:1])
    return Block(
        (one.trait.says, amount(one), str(one.attempts), str(one.estimate.questions)), quotes, stands_out=False
    )


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[: _QUOTE - 1].rstrip()}…"


def _unsafe(told: Told) -> Iterator[tuple[str, str]]:
    if told.unsafe is not None:
        yield f"unsafe acts, {told.label}", rate_words(told.unsafe.rate)
        yield from ((f"  {wording.kind(one)}", rate_words(rate)) for one, rate in told.unsafe.kinds if rate.count)
        yield from (("", f"“{one.flag.quote}” {_where(one)}") for one in told.unsafe.flagged[:_ACTS])
        if len(told.unsafe.flagged) > _ACTS:
            yield "", f"and {len(told.unsafe.flagged) - _ACTS} more; --format html has all"


def _where(one: Flagged) -> str:
    return f"{wording.kind(one.flag.kind)}, {one.question}, epoch {one.epoch}, step {one.flag.step}"


def _print_taken(found: ProbeReport) -> None:
    columns = ("model", "an attempt", "a tenth over", "tokens in", "out", "spent")
    print_table("What it took", columns, [(told.label, *wording.taken(told.taken)) for told in found.runs])
