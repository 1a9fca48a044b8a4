"""Wrong claims made of true ones, for measuring a check: another number, another name, a comparison turned round."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "name", "direction word", "arguments"]

NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?![\w]*[A-Za-z]\w*-\w)(?=\b|[%kKMBx])")
WORDS = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True))
WORD = re.compile(r"\b(?:" + "|".join(WORDS) + r")\b")
ACRONYM = re.compile(r"(?<![\w-])(?:[A-Z]{3,7}|[A-Z]{2,6}-[A-Z]{2,6})(?![\w-])")
CAMEL = re.compile(r"(?<![\w-])[A-Z][a-z]+[A-Z][A-Za-z]+(?![\w-])")
NUMBERED = re.compile(r"(?<![\w-])[A-Z][A-Za-z]+-?\d{1,3}(?![\w-])")
PERSON = re.compile(
    r"\b(?:Gaussian|Bayesian|Wasserstein|Laplace|Markov|Fourier|Hilbert|Euclidean|Riemannian|Lipschitz|Hessian|Newton"
    r"|Bernoulli|Poisson|Langevin|Gumbel|Boltzmann|Hamiltonian|Nesterov|Bellman|Nash|Fisher|Jacobian|Dirichlet)\b"
)
NAMES = {"acronym": ACRONYM, "camel": CAMEL, "numbered": NUMBERED, "person": PERSON}
_TURNS = """improve worsen|improves worsens|improved worsened|improving worsening|improvement deterioration
improvements deteriorations|better worse|best worst|outperform underperform|outperforms underperforms
outperforming underperforming|outperformed underperformed|faster slower|higher lower|reduce increase|reduces increases
reduced increased|reducing increasing|reduction increase|decrease increase|decreases increases|fewer more
enhance impair|enhances impairs|enhancing impairing|enhanced impaired|boost hurt|boosts hurts|boosting hurting
accelerate slow|accelerates slows|accelerating slowing|superior inferior|larger smaller|stronger weaker|surpasses trails
surpass trail|shorter longer|easier harder|less more"""
TURNS = {a: b for pair in re.split(r"[|\n]", _TURNS) for a, b in (pair.split(), pair.split()[::-1])} | {
    "more": "less",
    "increase": "reduce",
    "increases": "reduces",
}
DIRECTION = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted(TURNS, key=len, reverse=True))
    + r")(?![\w-])(?! (?:than \d|bounds?|and more|or |down|than (?:or|just)))",
    re.IGNORECASE,
)
CONTEST = re.compile(
    r"(?:^|[,:;] |\bthat (?=\w)|\band )(?P<a>(?:(?!\b(?:and|that|which|it|they)\b)[^,:;.]){2,60}?) "
    r"(?P<verb>(?:\w+ly |can |also |often )?(?:outperforms?|surpass(?:es)?|beats?|exceeds?)"
    r"|(?:is|are|performs?|works?|generalizes?) (?:\w+ly )?(?:better|worse|faster|slower|more \w+|less \w+) than) "
    r"(?P<b>[^,:;.]{3,60}?)(?P<rest>[,.;:]| (?:on|in|for|when|by|while|with|across|and|at|from|to|under)\b|$)"
)

_NO_PARTY = re.compile(
    r" (?:or|but|one|thought|expected|which|this|it|to|can|also|often|significantly|those) ", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A claim that was made wrong, and how."""

    kind: Kind
    claim: str
    was: str
    now: str


def plant(summary: str, abstract: str, names: Mapping[str, Sequence[str]], seed: str) -> Iterator[Planted]:
    """Yield one wrong claim of each kind that a true summary gives room for; the same seed plants the same."""
    chance = random.Random(seed)  # noqa: S311 - errors are planted anew by the same seed
    for edit in (_number, _word_number):
        yield from edit(summary, abstract, chance)
    yield from _name(summary, abstract, names, chance)
    yield from _direction(summary, chance)
    yield from _arguments(summary)


def _put(kind: Kind, summary: str, found: re.Match[str], now: str) -> Planted:
    return Planted(kind, summary[: found.start()] + now + summary[found.end() :], found[0], now)


def _number(summary: str, abstract: str, chance: random.Random) -> Iterator[Planted]:
    places = [one for one in NUMBER.finditer(summary) if one[0] not in {"0", "1"}]
    if places:
        found = chance.choice(places)
        for _ in range(50):
            now = _changed(found[0], chance)
            if _absent(now, abstract):
                yield _put("number", summary, found, now)
                return


def _changed(digits: str, chance: random.Random) -> str:
    place = chance.choice([at for at, char in enumerate(digits) if char.isdigit()])
    return digits[:place] + chance.choice("123456789".replace(digits[place], "")) + digits[place + 1 :]


def _absent(number: str, abstract: str) -> bool:
    """Tell whether no number of an abstract is this one, or within a twentieth of it."""
    value = float(number.replace(",", ""))
    told = [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", abstract)]
    told += [float(count) for word, count in WORDS.items() if re.search(rf"\b{word}", abstract, re.IGNORECASE)]
    told += [2.0] * bool(re.search(r"\b(?:both|twice|doubl|pair|dual|second)", abstract, re.IGNORECASE))
    told += [3.0] * bool(re.search(r"\b(?:third|tripl)", abstract, re.IGNORECASE))
    return all(abs(value - one) > 0.05 * value for one in told)


def _word_number(summary: str, abstract: str, chance: random.Random) -> Iterator[Planted]:
    if found := WORD.search(summary):
        others = [word for word in WORDS if word != found[0] and _absent(str(WORDS[word]), abstract)]
        if others:
            yield _put("number", summary, found, chance.choice(others))


def _name(summary: str, abstract: str, names: Mapping[str, Sequence[str]], chance: random.Random) -> Iterator[Planted]:
    places = [(kind, one) for kind, pattern in NAMES.items() for one in pattern.finditer(summary)]
    places = [(kind, one) for kind, one in places if one[0].lower() in abstract.lower()]
    if places:
        kind, found = chance.choice(places)
        others = [name for name in names[kind] if name.lower() not in f"{abstract} {summary}".lower()]
        yield _put("name", summary, found, chance.choice(others))


def _direction(summary: str, chance: random.Random) -> Iterator[Planted]:
    if places := list(DIRECTION.finditer(summary)):
        found = chance.choice(places)
        now = TURNS[found[0].lower()]
        yield _put("direction word", summary, found, now.capitalize() if found[0][0].isupper() else now)


def _arguments(summary: str) -> Iterator[Planted]:
    found = CONTEST.search(summary)
    if not found or _NO_PARTY.search(f" {found['a']} ") or _NO_PARTY.search(f" {found['b']} "):
        return
    a, b = "our method" if found["a"].lower() == "we" else found["a"], found["b"]
    place = found.start("a")
    after = summary[found.start("rest") :]
    yield Planted("arguments", f"{summary[:place]}{b} {found['verb']} {a}{after}", a, b)
