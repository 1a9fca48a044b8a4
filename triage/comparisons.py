"""Comparisons of a claim - which way, of what, of whom with whom - and whether its source goes the same way.

A paraphrase must not alarm. So a comparison is refused only where a worsening is told that the source does not tell of
the same things, where the source says the opposite of the very same thing and nothing else, and where the source has
the loser as the winner.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triage.directions import COSTS, GOOD_MANNERS, GOODS, MANNER, Direction, directions, stem
from triage.findings import Finding

_CLAUSE = re.compile(
    r"[.;:!?](?=\s|$)|,|\b(?:and|but|while|whereas|although|though|which|where|because|so|however|yet)\b|[()]"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SMALL = frozenset(
    "a an the of in on at by for to with from as is are be been was were "
    "it its their his her they them these those this that "
    "and or can could may might will would do does did has have had than "
    "over upon compared comparison relative versus vs "
    "when using used use both also very much significantly "
    "substantially considerably further even still often only all "
    "any some many several various such each between into through via while not no without model models method methods "
    "approach approaches algorithm algorithms network networks neural learning task tasks data based show shows paper "
    "propose proposed proposes we our us authors results result deep new novel number amount".split()
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|this (?:\w+ )?(?:paper|work|method|approach|model"
    r"|technique)|(?:the|its|their|a) (?:proposed|new|resulting|novel)"
    r"|proposed|novel|the (?:authors'?|paper|method|approach))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:existing|previous(?:ly)?|prior|baselines?|state[- ]of[- ]the[- "
    r"]arts?|sota|others?|standard|conventional|current"
    r"|traditional|competing|competitors?|alternatives?|earlier|known|recent|vanilla|classical|popular)\b",
    re.IGNORECASE,
)
_BEATS = re.compile(r"(?:outperform|surpass|exceed|beat|outclass|under-?perform|trail)\w*$", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b(?: \w+ly)? $", re.IGNORECASE)
_THAN = re.compile(r"\b(?:than|compared (?:to|with)|relative to)\b", re.IGNORECASE)
_OVER = re.compile(r"(?:improv|gain|advanc|superior|inferior|degrad)", re.IGNORECASE)
_OVER_WHOM = re.compile(r"\b(?:over|upon|to|than|compared (?:to|with)|relative to)\b", re.IGNORECASE)
_INTRODUCED = re.compile(
    r"\b(?:propose|introduce|present|develop|call|called|dub|dubbed|named|term|termed|describe|design)[sd]?\b"
    r"[^.;]{0,80}?\b([A-Z][\w-]*[A-Z0-9][\w-]*)"
)
_NEAR, _CONTESTS = 40, 500  # as many as are looked at, so that a long text costs no more than a long text
_COSTS, _GOODS = frozenset(map(stem, COSTS)), frozenset(map(stem, GOODS))
_MANNERS = frozenset(map(stem, GOOD_MANNERS)) | _GOODS
_NEUTRAL = re.compile(
    r"(?:reduc|increas|decreas|lower|higher|fewer|rais|shr[iu]nk|diminish|declin|amplif)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A direction with the stems around it: ``valence`` says for better or worse, 0 where that is open."""

    words: str
    telling: bool
    negated: bool
    sign: int
    valence: int
    about: frozenset[str]
    around: frozenset[str]
    winner: frozenset[str] = frozenset()
    loser: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The comparisons of a source by the stems around them, its contests, and the names of what it introduces."""

    own: frozenset[str]
    signs: frozenset[int]
    valences: frozenset[int]
    by_stem: dict[str, tuple[Comparison, ...]]
    contests: tuple[Comparison, ...]


def comparisons_of(source: str) -> Comparisons:
    """Return the comparisons of a plain text."""
    own = frozenset(found[1].lower() for found in _INTRODUCED.finditer(source))
    told = tuple(dict.fromkeys(_comparisons(source, own)))
    by_stem: dict[str, list[Comparison]] = {}
    for one in told:
        for word in one.around:
            by_stem.setdefault(word, []).append(one)
    near = {word: tuple(ones[:_NEAR]) for word, ones in by_stem.items()}
    signs, valences = frozenset(one.sign for one in told), frozenset(one.valence for one in told)
    return Comparisons(own, signs, valences, near, tuple(one for one in told if one.loser)[:_CONTESTS])


def is_comparing(claim: str) -> bool:
    """Tell whether a plain claim has a comparison that it is held to."""
    return any(direction.telling for clause in _CLAUSE.split(claim) for direction in directions(clause))


def unsupported_comparisons(claim: str, source: Comparisons) -> Iterator[Finding]:
    """Yield a finding for each comparison of a plain claim that the source turns around, or tells nothing of."""
    for one in dict.fromkeys(_comparisons(claim, source.own)):
        if one.telling and (reason := _turned(one, source) or _reversed(one, source)):
            yield Finding("comparison", one.words, reason)


def _turned(one: Comparison, source: Comparisons) -> str:
    """Say that the source has the loser of a comparison as its winner, and nowhere the other way."""
    if not (one.winner and one.loser):
        return ""
    straight = any(one.winner & told.winner and one.loser & told.loser for told in source.contests)
    crossed = any(one.winner & told.loser and one.loser & told.winner for told in source.contests)
    backwards = "@others" in one.winner - one.loser and "@own" in one.loser - one.winner
    if crossed and not straight:
        return "the source compares them the other way round"
    return "the source does not say that others do better" if backwards and not straight else ""


def _reversed(one: Comparison, source: Comparisons) -> str:
    near = {told for word in one.around for told in source.by_stem.get(word, ())}
    if one.valence < 0:
        return _unmentioned_worsening(one, near)
    if one.valence > 0:
        worse_only = 1 not in source.valences and any(told.valence < 0 and one.about & told.about for told in near)
        return "the source tells only of what gets worse" if worse_only else ""
    if not _NEUTRAL.match(one.words):
        return ""
    same = any(told.sign == one.sign and one.about & told.around for told in near)
    opposite = any(told.sign == -one.sign and one.about & told.about for told in near)
    if one.sign not in source.signs and any(told.sign == -one.sign for told in near):
        return "the source goes the other way only"
    return "the source says the opposite" if opposite and not same else ""


def _unmentioned_worsening(one: Comparison, near: Iterable[Comparison]) -> str:
    worse = max((_common(one, told) for told in near if told.valence < 0), default=0.0)
    better = max((_common(one, told) for told in near if told.valence > 0), default=0.0)
    if (one.negated and not better) or any(told.valence < 0 and stem(told.words) == stem(one.words) for told in near):
        return ""
    return "" if worse > better else "the source does not say that this gets worse"


def _common(one: Comparison, told: Comparison) -> float:
    return 2.0 * len(one.about & told.about) + len(one.around & told.around)


def _comparisons(text: str, own: frozenset[str]) -> Iterator[Comparison]:
    for clause in _CLAUSE.split(text):
        for direction in directions(clause):
            yield _comparison(clause, direction, own)


def _comparison(clause: str, direction: Direction, own: frozenset[str]) -> Comparison:
    before, after = clause[: direction.start][-160:], clause[direction.end :][:160]
    about = _stems(after.split()[:5])
    if _PASSIVE.search(before) or not about:
        about |= _stems(before.split()[-5:])
    around = about | _stems(before.split()[-6:]) | _stems(after.split()[:8])
    sign, valence = _signs(clause, direction, about)
    winner, loser = _sides(before, after, direction, own)
    return Comparison(
        direction.words, direction.telling, direction.negated, sign, valence, about, around, winner, loser
    )


def _signs(clause: str, direction: Direction, about: frozenset[str]) -> tuple[int, int]:
    """Return whether there is more or less of what a direction is about, and whether that is for better or worse."""
    if direction.words.lower() in {"more", "less"}:
        about = _stems(re.split(r"[ -]", clause[direction.end :].strip())[:2])
        good, cost = bool(about & _MANNERS), bool(about & _COSTS)
    else:
        cost, good = bool(about & _COSTS), bool(about & _GOODS)
    if direction.axis != "amount":
        return (-direction.sign if cost and not good else direction.sign), direction.sign
    if cost != good:
        return direction.sign, -direction.sign if cost else direction.sign
    manner = direction.words.lower() == "less" and MANNER.match(clause, direction.start) and not cost
    return direction.sign, direction.sign if manner else 0


def _sides(before: str, after: str, direction: Direction, own: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return who is said to be ahead and who behind; both empty where nobody is compared."""
    first, second = _roles(before, own), frozenset[str]()
    if _BEATS.match(direction.words):
        second = _roles(after, own)
        if after.lstrip().startswith("by ") and _PASSIVE.search(before):
            first, second = second, first
    elif than := (_OVER_WHOM if _OVER.match(direction.words) else _THAN).search(after):
        second = _roles(after[than.end() :], own)
    if not second:
        return frozenset(), frozenset()
    ahead = (
        direction.sign
        if direction.axis != "amount"
        else _signs(before + after, direction, _stems(after.split()[:3]))[1]
    )
    first = first or frozenset({"@own"})
    return (first, second) if ahead >= 0 else (second, first)


def _roles(words: str, own: frozenset[str]) -> frozenset[str]:
    roles = {stem(word) for word in _content(words.split()[-10:])}
    if _OWN.search(words) or any(word.lower().strip(",.") in own for word in words.split()):
        roles.add("@own")
    if _OTHERS.search(words):
        roles.add("@others")
    return frozenset(roles)


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in _content(words))


def _content(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for found in _WORD.findall(word):
            if found.lower() not in _SMALL and len(found) > 1:
                yield found
