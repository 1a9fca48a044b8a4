"""Names of a claim - models, data sets, people, acronyms - and whether its source has them.

Case, hyphens and plurals may differ; versions and sizes may not: Qwen3-8B is not Qwen3-32B. An acronym is supported by
the words it stands for, and a name written out by its acronym.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from triage.findings import Finding
from triage.units import NONE, unit_at

_TOKEN = re.compile(r"[^\W_](?:[\w+]|[.'&@/*-](?=\w)){0,63}")
_PART = re.compile(r"[-/@*&]")
_SQUEEZED_OUT = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;•*|]|\.\")[\s\"'(\[-]*$")
_SHAPES = re.compile(r"[A-Z].*[A-Z]|[a-z].*[A-Z]|[A-Za-z].*\d|\d.*[A-Z]")
_ORDINARY = frozenset(
    "I A The We Our This These It In On For By To And Or But As An Of With From That Its You They He She Mr Ms Dr "
    "Figure Fig Table Section Appendix Equation Eq Sec Chapter Part Step Stage Phase Task Experiment Algorithm Theorem "
    "Lemma Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December English U.S US UK EU e.g i.e vs etc".split()
)
_COMPOUNDS = re.compile(
    r"(auto|back|hyper|super|multi|meta|semi|sub|inter|intra|self|cross|pre|bi|over|under)-?(?=[a-z]{4})"
)
_SMALL_WORDS = frozenset("a an and at by for from in of on or the to via with".split())
_CITATION = re.compile(r"\bet al\b")


NameRun = list[tuple[str, str]]
"""Names that stand side by side, each with the version that follows it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a source calls things: squeezed names, initials of its words sentence by sentence, and its stems."""

    keys: frozenset[str]
    initials: tuple[str, str]
    pairs: frozenset[str]
    text: str
    numbered: dict[str, frozenset[str]]


def names_of(source: str) -> Names:
    """Return the names of a plain text, in the forms that a claim may use."""
    tokens = [_trimmed(token) for token in _TOKEN.findall(source)]
    squeezed = {token: _squeezed(token) for token in tokens}
    keys = {key for token in squeezed for key in _forms(token)}
    # A point stands inside a token, so that squeezed tokens joined are joined tokens squeezed.
    words = [squeezed[token] for token in tokens]
    keys.update(map("".join, pairwise(words)), map("".join, zip(words, words[1:], words[2:], strict=False)))
    numbered: dict[str, set[str]] = {}
    for place, number in enumerate(tokens[1:]):
        if number[-1].isdigit() and _is_version(number):
            numbered.setdefault(words[place], set()).add(number)
    lower = source.lower()
    sets = {name: frozenset(told) for name, told in numbered.items()}
    initials = (_initials(lower, frozenset()), _initials(lower, _SMALL_WORDS))
    return Names(frozenset(keys), initials, _pairs(lower), lower, sets)


def unsupported_names(claimed: Iterable[NameRun], names: Names) -> Iterator[Finding]:
    """Yield a finding for each name that the source does not have."""
    for run in claimed:
        if len(run) > 1 and _written_out(run, names):
            continue
        for name, version in run:
            if not _supported(name, names):
                yield Finding("name", name, f"{name} is not in the source")
            elif version and (told := _other_versions(name, version, names)):
                yield Finding("name", f"{name} {version}", f"the source has {name} {', '.join(told)}")


def _other_versions(name: str, version: str, names: Names) -> list[str]:
    """Return the numbers that follow a name in the source, where the claim's is not among them."""
    told = names.numbered.get(_squeezed(name), frozenset())
    return [] if version in told or _squeezed(name + version) in names.keys else sorted(told)


def claimed_names(text: str) -> tuple[str, ...]:
    """Return the names of a plain text in their order."""
    return tuple(name for run in name_runs(text) for name, _ in run)


def name_runs(claim: str) -> Iterator[NameRun]:
    """Yield the names of a plain claim in runs that stand side by side."""
    run: NameRun = []
    end = -1
    for found in _TOKEN.finditer(claim):
        token = _trimmed(found[0])
        if not _is_name(token, _begins_sentence(claim, found.start())):
            continue
        if run and claim[end : found.start()] != " ":
            yield run
            run = []
        following = _TOKEN.match(claim, found.end() + 1) if claim[found.end() : found.end() + 1] == " " else None
        version = following[0] if following and _is_version(following[0]) else ""
        run.append((token, version))
        end = found.start() + len(token)
    if run:
        yield run


def _begins_sentence(text: str, place: int) -> bool:
    return bool(_SENTENCE_END.search(text[max(0, place - 6) : place]))


def _is_version(token: str) -> bool:
    return bool(re.fullmatch(r"v?\d{1,3}(?:\.\d{1,3}){0,2}", token))


def _trimmed(token: str) -> str:
    return re.sub(r"'s?$|s'$", "", token) if "'" in token else token


def _is_name(token: str, begins: bool) -> bool:  # noqa: FBT001 - where a word stands is a fact, not a mode
    if token in _ORDINARY or len(token) < 2 or _is_quantity(token):
        return False
    if begins and re.fullmatch(r"[A-Z][a-z']+(?:-[A-Za-z][a-z]+)*", token):
        return False
    if token[0].isupper():
        return True
    return bool(_SHAPES.search(_core(token))) and not re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)*", _core(token))


def _is_quantity(token: str) -> bool:
    number = re.match(r"\d[\d.,]*(?:[eE][-+]?\d{1,2}(?!\w))?(?:[kKMBT](?![A-Za-z]))?(?:st|nd|rd|th)?", token)
    if not number:
        return False
    rest = token[number.end() :]
    return rest == "" or rest[0] in "-/" or unit_at(token, number.end())[0] != NONE


def _core(token: str) -> str:
    """Return a name without the ordinary words that hang on it: "GPT-4-based", "non-GPU"."""
    parts = token.split("-")
    while len(parts) > 1 and re.fullmatch(r"[a-z]{2,}", parts[-1]):
        parts.pop()
    while len(parts) > 1 and re.fullmatch(r"[a-z]{2,}", parts[0]):
        parts.pop(0)
    return "-".join(parts)


def _squeezed(token: str) -> str:
    """Return letters and digits in lower case; a point between digits stays, for 2.5 is not 25."""
    token = token.lower()
    return token if token.isalnum() else _SQUEEZED_OUT.sub("", token)


def _forms(token: str) -> Iterator[str]:
    """Yield the keys that a token of a source supports: itself, its parts, and the families it belongs to."""
    if token.isalpha():
        yield _squeezed(token)
        return
    core = _core(token)
    parts = _PART.split(token)
    yield from (_squeezed(form) for form in (token, core, *parts))
    for count in range(2, len(parts)):
        yield _squeezed("".join(parts[:count]))
        yield _squeezed("".join(parts[-count:]))
    yield from (_squeezed(part).rstrip("0123456789.") for part in (token, *parts) if not part[:1].isdigit())


def _supported(name: str, names: Names) -> bool:
    core = _core(name)
    if any(_has(names, _squeezed(form)) for form in (name, core)):
        return True
    parts = [part for part in _PART.split(core) if part]
    if len(parts) > 1 and all(part.isalpha() and _supported_word(part, names) for part in parts):
        return True
    return _supported_word(core, names)


def _supported_word(word: str, names: Names) -> bool:
    if _has(names, _squeezed(word)):
        return True
    if re.fullmatch("[A-Z][a-z]{6,}", word):  # Gaussian, Gaussians, Gaussianity
        return word[: max(6, len(word) - 3)].lower() in names.text
    letters = re.sub(r"s$", "", word)
    return _is_acronym(letters) and _stands_for(letters.lower(), names)


def _has(names: Names, key: str) -> bool:
    stem = key.rstrip("s")
    return key in names.keys or stem in names.keys or f"{key}s" in names.keys


def _is_acronym(letters: str) -> bool:
    return 2 <= len(letters) <= 8 and letters.isalpha() and sum(map(str.isupper, letters)) >= len(letters) - 2


def _stands_for(letters: str, names: Names) -> bool:
    """Tell whether a source has the words of an acronym: by their initials, or as the field knows them."""
    if len(letters) == 2 and letters in names.pairs:
        return True
    if len(letters) >= 3 and any(letters in initials for initials in names.initials):
        return True
    return any(all(stem in names.text for stem in stems) for stems in known_acronyms().get(letters, ()))


def _written_out(run: NameRun, names: Names) -> bool:
    """Tell whether a source has the acronym of names that stand side by side."""
    letters = "".join(part[0] for name, _ in run for part in name.lower().split("-"))
    return len(letters) >= 2 and (letters in names.keys or f"{letters}s" in names.keys)


def _pairs(lower: str) -> frozenset[str]:
    """Return the initials of two words that stand side by side more than once, as a term does."""
    words = re.findall(r"[a-z]{2,}", lower)
    counts = Counter(pairwise(words))
    return frozenset(one[0] + two[0] for (one, two), count in counts.items() if count > 1 and one not in _SMALL_WORDS)


def _initials(lower: str, left_out: frozenset[str]) -> str:
    apart = _COMPOUNDS.sub(r"\1 ", lower)
    words = re.findall(r"[a-z][a-z0-9]*|[.!?;:](?= )", apart)
    return "".join(word[0] if word[0].isalpha() else "|" for word in words if word not in left_out)


@cache
def known_acronyms() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return what the field's common acronyms stand for: word beginnings that a source must all have, or others."""
    known: dict[str, list[tuple[str, ...]]] = {}
    for line in files("triage").joinpath("acronyms.txt").read_text(encoding="utf-8").splitlines():
        acronym, _, stems = line.partition(":")
        known.setdefault(acronym.strip().lower(), []).append(tuple(stems.split()))
    return {acronym: tuple(meanings) for acronym, meanings in known.items()}
