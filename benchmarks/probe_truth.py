"""Whether a probe's intervals hold what is true: ``python -m benchmarks.probe_truth``.

Pairs of models of known ability sit simulated exams. The 95 % intervals of their gaps stand beside those of two usual
shortcuts on the same attempts: every attempt taken for independent, and every question. A false ranking is a model put
ahead of its equal in any of the five domains.
"""

import math
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, variance

from probes.journal import NAME, Journal
from probes.plan import ProbeRun
from probes.records import read_run, write_run
from probes.statistics.comparing import Gap, compare
from probes.statistics.scores import question_scores
from tests.probes.simulated import DOMAINS, exam, sit, true_mean

PAIRS, SEED = 200, 2026
EVEN = (2,) * 25
UNEVEN = (1,) * 10 + (2,) * 10 + (4,) * 5
FEW = (2,) * 6
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Setting:
    """What is simulated: the families' sizes, and the middle of the abilities in logits."""

    name: str
    sizes: Sequence[int]
    ability: float


SETTINGS = (
    Setting("25 families of 2", EVEN, 0.5),
    Setting("25 families of 1 to 4", UNEVEN, 0.5),
    Setting("strong models, near 90 %", EVEN, 3.0),
    Setting("6 families of 2", FEW, 0.5),
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A pair: its runs, the true gap, and what was found."""

    runs: tuple[ProbeRun, ProbeRun]
    truth: float
    gaps: tuple[Gap, ...]


def simulate(setting: Setting, dice: random.Random, pairs: int = PAIRS) -> list[Simulated]:
    """Let pairs sit an exam each; the models of every second pair are equal."""
    return [_pair(setting, dice, 0.0 if number % 2 else dice.uniform(-1.5, 1.5)) for number in range(pairs)]


def _pair(setting: Setting, dice: random.Random, apart: float) -> Simulated:
    given = exam(dice, setting.sizes)
    abilities = (setting.ability + apart / 2, setting.ability - apart / 2)
    first, second = (sit(given, able, dice, f"quill-{place}") for place, able in enumerate(abilities))
    truth = true_mean(abilities[0]) - true_mean(abilities[1])
    return Simulated((first, second), truth, compare((first, second)))


def covered(pairs: Sequence[Simulated]) -> float:
    """Return how many of the intervals hold the true gap."""
    return fmean(gap.difference.low <= pair.truth <= gap.difference.high for pair in pairs for gap in pair.gaps)


def ranked_falsely(pairs: Sequence[Simulated]) -> float:
    """Return how many pairs of equals were ranked in any domain."""
    equals = [pair for pair in pairs if pair.truth == 0]
    return fmean(any(gap.verdict in {"ahead", "behind"} for gap in pair.gaps) for pair in equals)


def main() -> None:
    dice = random.Random(SEED)  # noqa: S311 - repeatable
    for setting in SETTINGS:
        pairs = simulate(setting, dice)
        shown = f"{PAIRS} pairs, {PAIRS * len(DOMAINS)} intervals cover {100 * covered(pairs):.1f} %"
        print(f"{setting.name}: {shown}; equals ranked: {100 * ranked_falsely(pairs):.1f} % of pairs")
        for name, half in (("attempts as independent", _by_attempt), ("questions as independent", _by_question)):
            print(f"    {name}: {100 * _covered_by(pairs, half):.1f} %")
        wide = [gap.verdict in {"ahead", "behind"} for pair in pairs if abs(pair.truth) > 0.1 for gap in pair.gaps]
        print(f"    {len(wide)} gaps over 10 points: {sum(wide)} told")
    _through_the_journal(simulate(SETTINGS[0], dice, 2))


def _covered_by(pairs: Sequence[Simulated], half: Callable[[Sequence[float], Sequence[float], int], float]) -> float:
    hits = []
    for pair in pairs:
        means = [{one.asked.id: one for one in question_scores(run)} for run in pair.runs]
        for gap in pair.gaps:
            both = [(one, means[1][name]) for name, one in means[0].items() if one.asked.domain == gap.domain]
            ours, theirs = ([one.mean or 0.0 for one in side] for side in zip(*both, strict=True))
            width = half(ours, theirs, pair.runs[0].plan.epochs)
            hits.append(abs(fmean(ours) - fmean(theirs) - pair.truth) <= width)
    return fmean(hits)


def _by_attempt(ours: Sequence[float], theirs: Sequence[float], epochs: int) -> float:
    spread = sum(fmean(side) * (1 - fmean(side)) for side in (ours, theirs))
    return _Z * math.sqrt(spread / (len(ours) * epochs))


def _by_question(ours: Sequence[float], theirs: Sequence[float], _epochs: int) -> float:
    return _Z * math.sqrt(variance([one - other for one, other in zip(ours, theirs, strict=True)]) / len(ours))


def _through_the_journal(pairs: Sequence[Simulated]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, pair in enumerate(pairs):
            read = [_kept(run, Path(folder) / f"{number}-{place}") for place, run in enumerate(pair.runs)]
            assert compare(read) == pair.gaps
    print(f"{len(pairs)} pairs written to journals and read again: the same figures")


def _kept(run: ProbeRun, folder: Path) -> ProbeRun:
    with Journal(folder, []) as journal:
        write_run(journal, run)
    return read_run(folder / NAME)


if __name__ == "__main__":
    main()
