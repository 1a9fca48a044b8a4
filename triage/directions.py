"""Words that say which way something goes: up or down, better or worse, faster or slower."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Axis = Literal["amount", "value", "speed"]

# Words that a claim is held to; what is only evidence in a source stands below.
_TELLING: dict[tuple[Axis, int], str] = {
    (
        "value",
        1,
    ): r"improv\w+|better(?:ing|s|ed)?|outperform\w*|surpass\w*|exceed\w*|superior\w*|beat(?:s|ing|en)?|enhanc\w+"
    r"|boost\w*|outclass\w*|strengthen\w*",
    (
        "value",
        -1,
    ): r"wors(?:e|t|ens?|ened|ening)|degrad\w+|deteriorat\w+|under-?perform\w*|inferior\w*|impair\w*|hurt(?:s|ing)?"
    r"|harm(?:s|ed|ing)|weaken\w*|trail(?:s|ed|ing)?|lag(?:s|ging|ged)? "
    r"behind|falls? short|harder(?= to\b)|weaker(?! assum)",
    (
        "amount",
        1,
    ): r"increas(?:es?|ed|ing)|higher(?![- ]order)|larger|greater|more|longer|rais(?:e|es|ed|ing)|amplif\w+|bigger",
    (
        "amount",
        -1,
    ): r"reduc\w+|decreas\w+|lower(?:s|ed|ing)?|less|fewer|smaller|shorter|shrink\w*|diminish\w*|declin\w+",
    ("speed", 1): r"faster|speed(?:s|ed|ing)? up|speed-?ups?|accelerat\w+|quicker",
    ("speed", -1): r"slow(?:s|er|ed|ing|downs?)?|decelerat\w+",
}
_EVIDENCE: dict[tuple[Axis, int], str] = {
    (
        "value",
        1,
    ): r"best|advances?|advancing|state[- ]of[- ]the[- ]arts?|sota|ease[sd]?|simpler|gains?|win(?:s|ning)?|benefi\w+"
    r"|ahead of|favou?rabl[ey]|helps?|stronger|easier|competitive\w*|effective\w*|good|strong|success\w*",
    (
        "value",
        -1,
    ): r"poor(?:er|ly|est)?|weak(?:er)?|hard(?:er)?|hinder\w*|fail\w*"
    r"|sacrific\w*|compromis\w*|suffer\w*|struggl\w*|detriment\w*",
    (
        "amount",
        1,
    ): r"highest|largest|greatest|most|grow(?:s|n|th|ing)?|expand\w*|maximi[sz]\w*|promot\w*|rise[sn]?|rising"
    r"|deeper|wider|high|large",
    (
        "amount",
        -1,
    ): r"lowest|least|few(?:est)?|smallest|cut(?:s|ting)?|minimi[sz]\w*|drop(?:s|ped|ping)?|mitigat\w*|alleviat\w*"
    r"|compress\w*|sav(?:e|es|ed|ing|ings)|low|small|suppress\w*|loss of"
    r"|los(?:e|es|ing)|cheaper|prevent\w*|avoid\w*|without",
    ("speed", 1): r"fast(?:est)?|quick(?:ly)?|rapid\w*|efficien\w*",
    ("speed", -1): r"expensive|costly|inefficien\w*",
}


def _pattern(words: dict[tuple[Axis, int], str], mark: str) -> str:
    return "|".join(f"(?P<{axis}{'p' if sign > 0 else 'n'}{mark}>{forms})" for (axis, sign), forms in words.items())


_KINDS = {
    f"{axis}{'p' if sign > 0 else 'n'}{mark}": (axis, sign, mark == "t")
    for mark, words in (("t", _TELLING), ("e", _EVIDENCE))
    for axis, sign in words
}
DIRECTION = re.compile(
    rf"(?<![\w-])(?:{_pattern(_TELLING, 't')}|{_pattern(_EVIDENCE, 'e')})(?![\w-])(?! bounds?\b)", re.IGNORECASE
)
NEGATION = re.compile(
    r"(?:\b(?:not|no|never|without|nor|neither|cannot|hardly|barely|fail(?:s|ed|ing)? to|unable to|instead of"
    r"|rather than|far from|little|prevent\w*|avoid\w*|nothing|minimal"
    r"|negligible|marginal|mitigat\w*|alleviat\w*)|n't)(?!\w)(?! only)",
    re.IGNORECASE,
)
# Things of which less is better, and of which more is.
COSTS = (
    "time times cost costs error errors latency memory variance loss losses complexity overhead computation compute "
    "computational computing communication bandwidth storage footprint "
    "energy regret risk bias noise forgetting overfitting "
    "hallucination hallucinations perplexity runtime delay gap burden "
    "effort annotation annotations redundancy consumption "
    "interference divergence collapse vulnerability discrepancy mismatch waste drift difficulty expensive sensitive "
    "vulnerable redundant noisy prone susceptible operations space distortion artifact artifacts flops inconsistency "
    "misclassification misclassifications parameters failures mistakes dependence reliance forget"
).split()
GOODS = (
    "accuracy performance robustness quality generalization "
    "generalisation stability efficiency effectiveness precision "
    "reliability interpretability diversity fidelity coherence throughput success utility expressiveness fairness "
    "flexibility bleu score scores speed transferability capability capabilities ability robust "
    "auc recall rouge completion reward rewards return returns psnr ssim miou likelihood convergence gains"
).split()
# What "more" and "less" may stand before.
GOOD_MANNERS = (
    "accurate accurately robust robustly stable effective effectively efficient efficiently expressive flexible "
    "interpretable reliable reliably scalable diverse faithful generalizable coherent realistic suitable powerful "
    "informative meaningful principled general optimal consistent consistently useful transferable human-like natural "
    "sample-efficient memory-efficient compact precise discriminative practical suited"
).split()
MANNER = re.compile(r"(?:less) \w{2,}(?:able|ible|ful|ive|ous|ate|ant|ent|al|ly|ed|ing|ic)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Direction:
    """A word of direction in a clause; ``sign`` is turned by a negation before it."""

    words: str
    axis: Axis
    sign: int
    start: int
    end: int
    telling: bool
    negated: bool


def directions(clause: str) -> tuple[Direction, ...]:
    """Return the words of direction of a clause in their order."""
    return tuple(_direction(clause, found) for found in DIRECTION.finditer(clause))


def _direction(clause: str, found: re.Match[str]) -> Direction:
    axis, sign, telling = _KINDS[found.lastgroup or ""]
    before = " ".join(clause[max(0, found.start() - 48) : found.start()].split()[-4:])
    negated = bool(NEGATION.search(before))
    return Direction(found[0], axis, -sign if negated else sign, found.start(), found.end(), telling, negated)


@cache
def stem(word: str) -> str:
    """Return the beginning that forms of a word share, roughly."""
    word = word.lower()
    for ending in (
        "izations",
        "ization",
        "isation",
        "ations",
        "ation",
        "ities",
        "ness",
        "ity",
        "ing",
        "ies",
        "ive",
        "ed",
        "es",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word.rstrip("se") if len(word) > 4 else word
