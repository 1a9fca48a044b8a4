"""A report in Markdown, for a merge request or a page of notes."""

import re
from collections.abc import Iterable, Iterator, Sequence

from core.visible import visible
from probes.personality import Manner, amount
from probes.report import wording
from probes.report.findings import Beside, ProbeReport, Told
from probes.report.manners import trait_rows
from probes.report.summary import summary
from probes.statistics.comparing import Gap
from probes.statistics.rare import rate_words
from probes.transcript import first_told

_MARKS = re.compile(r"([\\`*_\[\]<>|#])")
_PAIRS = ("Domain", "One", "Other", "Questions", "What can be told")
_FENCE = re.compile(r"`{3,}")


def to_markdown(report: ProbeReport) -> str:
    """Return the whole report; text from a model is quoted, never markup."""
    parts = (_head, _gaps, _manner, _runs, _shown)
    return "\n".join(line for part in parts for line in part(report)).rstrip() + "\n"


def _head(report: ProbeReport) -> Iterator[str]:
    names = [_plain(one.label) for one in report.runs]
    yield f"# Probe: {', '.join(names)}"
    yield ""
    yield from (f"- {_plain(sentence)}" for sentence in summary(report))
    yield ""
    yield from _table(("Domain", *names), [(name, *_scores(report, name)) for name in report.domains])
    yield ""
    yield wording.EXPLAINED


def _scores(report: ProbeReport, domain: str) -> Iterator[str]:
    for told in report.runs:
        yield wording.percent(next((one.score for one in told.domains if one.domain == domain), None))


def _gaps(report: ProbeReport) -> Iterator[str]:
    if report.gaps:
        yield from ("", "## In pairs", "")
        yield from _table(_PAIRS, [_gap_row(gap, report) for gap in report.gaps])


def _gap_row(gap: Gap, report: ProbeReport) -> tuple[str, ...]:
    names = (report.labels[gap.first], report.labels[gap.second])
    return gap.domain, *map(_plain, names), str(gap.difference.questions), _plain(wording.gap(gap, report))


def _manner(report: ProbeReport) -> Iterator[str]:
    yield from ("", "## Manner", "")
    columns = ("Trait", *(_plain(told.label) for told in report.runs))
    yield from _table(columns, [(row.trait.says, *map(_amount, row.manners)) for row in trait_rows(report)])
    if report.contrasts:
        yield ""
    yield from (f"- {_plain(wording.contrast(one, report))}" for one in report.contrasts)


def _amount(manner: Manner | None) -> str:
    return "–" if manner is None else f"{amount(manner)}, {manner.attempts} attempts"


def _runs(report: ProbeReport) -> Iterator[str]:
    for told in report.runs:
        yield from _run(told)


def _run(told: Told) -> Iterator[str]:
    run = told.run
    yield from ("", f"## {_plain(told.label)}", "")
    made = f"{len(run.attempts)} of {len(run.plan.keys)} attempts, seed {run.plan.seed}"
    yield f"{_plain(run.plan.run)}, {run.standing}: {made}."
    yield f"{wording.took(told.taken)}."
    yield ""
    yield from _table(wording.COLUMNS, [wording.row(one) for one in told.domains])
    yield ""
    yield from (f"- The serving: {_plain(one.name)}: {_plain(one.detail)}" for one in run.findings if one.ok is False)
    for manner in told.manners:
        yield from (f"- {manner.trait.says}: “{_plain(quote.text)}” ({quote.question})" for quote in manner.quotes)
    if told.unsafe is not None:
        yield f"- unsafe acts: {rate_words(told.unsafe.rate)}"
        yield from (f"    - {wording.kind(kind)}: {rate_words(rate)}" for kind, rate in told.unsafe.kinds if rate.count)
        for one in told.unsafe.flagged:
            yield f"    - {one.question}, step {one.flag.step}, {one.flag.kind}: “{_plain(one.flag.quote)}”"


def _shown(report: ProbeReport) -> Iterator[str]:
    if report.shown:
        yield from ("", "## Shown, not scored")
    for beside in report.shown:
        yield from _answers(beside, report)


def _answers(beside: Beside, report: ProbeReport) -> Iterator[str]:
    yield from ("", f"### {_plain(beside.asked.id)}", "")
    yield from dict.fromkeys(f"> {_plain(first_told(one))}" for one in beside.attempts if one)
    for told, attempt in zip(report.runs, beside.attempts, strict=True):
        if attempt is not None:
            yield from ("", _plain(told.label), "", *_fenced(attempt.answer.text))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _fenced(text: str) -> Iterator[str]:
    longest = max((len(found) for found in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    yield from (fence, visible(text.strip()), fence)


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", visible(" ".join(text.split())))
