"""The check of claims on true summaries and on wrong ones made of them: ``python -m benchmarks.checks [--split test]``.

The summaries are sentences that people wrote of papers, the sources are the papers' abstracts. Wrong numbers, names and
comparisons are planted by a seed; a plant is found where the check says more of its kind than it said of the summary
before. People also tell what only the paper has. So an alarm on an untouched summary counts as false unless what it
names is absent from the abstract by a test apart from the check: its letters and digits, in any case, with number
words as digits, or as initials, do not occur there, inside other words too where they are five or more. Alarms about
comparisons always count as false. All alarms are printed too. Beside it, a baseline: every digit string and every word
with a capital must occur in the abstract as it stands.
"""

import argparse
import gzip
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.planted import NAMES, WORDS, Planted, plant
from triage.claims import Finding, Source, unsupported

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "search" / "scitldr"
# What is planted, together where it is held to one goal; each kind is printed by itself too.
GOALS: dict[str, tuple[tuple[str, ...], float]] = {
    "numbers": (("number",), 0.95),
    "all the rest": (("name", "direction word", "arguments"), 0.8),
}
FITTING = {
    "number": {"number", "unit"},
    "name": {"name"},
    "direction word": {"comparison"},
    "arguments": {"comparison"},
}

_LONG = 5  # letters and digits that are looked for inside other words too
_DIGITS, _CAPITALISED = re.compile(r"\d+"), re.compile(r"\b[\w-]*[A-Z][\w-]*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A true summary and its abstract."""

    id: str
    summary: str
    abstract: str
    source: Source


def rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_pairs(folder: Path, split: str) -> list[Pair]:
    abstracts = {str(row["_id"]): str(row["text"]) for row in rows(folder / "corpus.jsonl.gz")}
    pairs: list[Pair] = []
    for row in rows(folder / "summaries_human.jsonl.gz"):
        if row["split"] == split and isinstance(row["tldrs"], list):
            abstract = abstracts[str(row["id"])]
            source = Source(abstract)
            pairs += [Pair(f"{row['id']}-{at}", text, abstract, source) for at, text in enumerate(row["tldrs"])]
    return pairs


def names_by_kind(folder: Path) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder / "corpus.jsonl.gz"):
        for kind, pattern in NAMES.items():
            found[kind] |= set(pattern.findall(str(row["text"])))
    return {kind: sorted(names) for kind, names in found.items()}


def by_check(claim: str, pair: Pair) -> set[tuple[str, str]]:
    return {(finding.kind, finding.what) for finding in unsupported(claim, pair.source)}


def by_baseline(claim: str, pair: Pair) -> set[tuple[str, str]]:
    told = set(_DIGITS.findall(pair.abstract)), set(_CAPITALISED.findall(pair.abstract))
    digits = {("number", token) for token in _DIGITS.findall(claim) if token not in told[0]}
    return digits | {("name", token) for token in _CAPITALISED.findall(claim[1:]) if token not in told[1]}


def is_absent(finding: Finding, abstract: str) -> bool:
    """Tell, by a test apart from the check, whether what a finding names does not occur in an abstract."""
    if finding.kind in {"comparison", "unit"}:
        return False
    wanted = _bare(finding.what).rstrip("s") or _bare(finding.what)
    if len(wanted) >= _LONG:
        return wanted not in _bare(abstract)
    tokens = re.findall(r"[^\W_]+", abstract.lower())
    initials = "".join(token[0] for token in tokens)
    here = {_bare(token) for token in tokens} | {_bare(one + two) for one, two in pairwise(tokens)}
    told = wanted in here or f"{wanted}s" in here
    return not told and not (finding.kind == "name" and len(wanted) > 2 and wanted in initials)


def _bare(text: str) -> str:
    text = text.lower()
    for word, number in WORDS.items():
        text = re.sub(rf"\b{word}(?=\b|-|fold)", str(number), text)
    return re.sub(r"[^a-z0-9]", "", text)


def interval(hits: int, count: int) -> str:
    """Return a share with its 95 % interval (Wilson, 1927)."""
    if not count:
        return "no cases"
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = 100 * max(0.0, middle - half), 100 * (middle + half)
    return f"{100 * share:5.1f} % ({low:.1f} to {high:.1f}), {hits} of {count}"


def found_plants(
    pairs: Sequence[Pair], names: dict[str, list[str]], check: Callable[[str, Pair], set[tuple[str, str]]], seed: int
) -> tuple[Counter[str], Counter[str], list[tuple[Pair, Planted]]]:
    hits, counts, missed = Counter[str](), Counter[str](), []
    for pair in pairs:
        before = check(pair.summary, pair)
        for planted in plant(pair.summary, pair.abstract, names, f"{seed} {pair.id}"):
            more = {kind for kind, _ in check(planted.claim, pair) - before}
            hit = bool(more & FITTING[planted.kind])
            hits[planted.kind] += hit
            counts[planted.kind] += 1
            if not hit:
                missed.append((pair, planted))
    return hits, counts, missed


def alarms(pairs: Sequence[Pair]) -> list[tuple[Pair, tuple[Finding, ...], tuple[Finding, ...]]]:
    """Return the untouched summaries with an alarm: all findings, and those of what the abstract has."""
    told = [(pair, unsupported(pair.summary, pair.source)) for pair in pairs]
    return [
        (pair, all_, tuple(one for one in all_ if not is_absent(one, pair.abstract))) for pair, all_ in told if all_
    ]


def report_alarms(pairs: Sequence[Pair]) -> float:
    raised = alarms(pairs)
    false = [false for _, _, false in raised if false]
    print(f"\nuntouched summaries: {len(pairs)}")
    print(f"  false alarms          {interval(len(false), len(pairs))}   goal: at most 2 %")
    for kind in ("number", "unit", "name", "comparison"):
        print(f"    {kind:20}{interval(sum(any(one.kind == kind for one in f) for f in false), len(pairs))}")
    print(f"  any alarm             {interval(len(raised), len(pairs))}")
    for kind in ("number", "unit", "name", "comparison"):
        print(f"    {kind:20}{interval(sum(any(one.kind == kind for one in f) for _, f, _ in raised), len(pairs))}")
    naive = [by_baseline(pair.summary, pair) for pair in pairs]
    print(f"  any alarm, baseline   {interval(sum(map(bool, naive)), len(pairs))}")
    return len(false) / len(pairs)


def report_plants(pairs: Sequence[Pair], names: dict[str, list[str]], seed: int) -> Iterable[bool]:
    hits, counts, _ = found_plants(pairs, names, by_check, seed)
    naive, _, _ = found_plants(pairs, names, by_baseline, seed)
    print(f"\n{'planted':17}{'found by the check':42}{'found by the baseline':42}goal")

    def shares(row: str, kinds: Sequence[str]) -> str:
        found = (interval(sum(by[kind] for kind in kinds), sum(counts[kind] for kind in kinds)) for by in (hits, naive))
        return f"{row:17}{''.join(f'{share:42}' for share in found)}"

    for kind in FITTING:
        print(shares(f"  {kind}", (kind,)))
    print(shares("  comparisons", ("direction word", "arguments")))
    for row, (kinds, goal) in GOALS.items():
        print(f"{shares(row, kinds)}{100 * goal:.0f} %")
        yield sum(hits[kind] for kind in kinds) >= goal * sum(counts[kind] for kind in kinds)


def main() -> None:
    arguments = argparse.ArgumentParser(description="The check of claims, on true summaries and on planted errors.")
    arguments.add_argument("folder", type=Path, nargs="?", default=DATA)
    arguments.add_argument("--split", default="test", choices=("train", "dev", "test"))
    arguments.add_argument("--seed", type=int, default=0, help="which errors are planted")
    chosen = arguments.parse_args()
    started = time.perf_counter()
    pairs = read_pairs(chosen.folder, chosen.split)
    reached = list(report_plants(pairs, names_by_kind(chosen.folder), chosen.seed))
    reached.append(report_alarms(pairs) <= 0.02)
    print(f"\n{time.perf_counter() - started:.0f} s")
    raise SystemExit(not all(reached))


if __name__ == "__main__":
    main()
