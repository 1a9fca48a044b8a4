"""The names of models: what tells one release from another, and where a headline names one.

A name is read word by word: sizes (``32B``, ``30B-A3B``, ``Mini``), versions (``2.5``, ``M2``), variants (``Instruct``,
``Preview``, a date stamp) and packings (``GGUF``, ``LoRA``) are known by their form, and the other words are the
family. Order between the kinds does not matter: ``Claude 4.5 Sonnet`` is ``Claude Sonnet 4.5``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

Role = Literal["family", "version", "size", "variant", "packing"]
Word = tuple[Role, str]

_VENDOR = re.compile(r"^([^/:]{1,40})(?:/|:\s)")
_OFFER = re.compile(r":(?:free|beta|extended|nitro|floor|online|exacto)$|\((?:free|beta|extended|self-moderated)\)")
_ISO_DATE = re.compile(r"(?<![\w.])(20\d\d)[-_ /](0[1-9]|1[0-2])(?:[-_ /](0[1-9]|[12]\d|3[01]))?(?![\w.])", re.ASCII)
_MONTH_FIRST = re.compile(r"(?<![\w.])(0[1-9]|1[0-2])[-_ /](20\d\d)(?![\w.])", re.ASCII)
_MONTH_DAY = re.compile(r"(?<![\w.])(0[1-9]|1[0-2])[-_/](0[1-9]|[12]\d|3[01])(?![\w.])", re.ASCII)
_BLOCK_QUANT = re.compile(r"(?<![^\W_])i?q[1-8](?:_[0-9a-z]+)+|(?<![^\W_])iq[1-8]\b", re.ASCII)
_SPLIT_VERSION = re.compile(r"(?<![\w.])(v?\d)[-_ ](\d)(?![\w.])", re.ASCII)
_GLUED_VERSION = re.compile(r"(?<=[a-z])(\d)_(\d)(?![\w.])", re.ASCII)
_INSTRUCT = re.compile(r"[-_]it\b|(?<=\db) it$")
# "Lumen 2.1: faster and smaller", but neither "Lumen: Glimmer 2.1" nor "Glimmer 2 - Mini".
_NOTE = re.compile(r"([^:–—|]*[\s_-]v?\d[^:–—|]*?)(?::\s|\s[-–—|]\s)(.+)", re.ASCII)
_PROSE = re.compile(r"\b(?:a|and|at|by|for|from|in|is|it|now|of|on|our|that|the|to|we|with|you|your)\b")
_PROSE_WORDS = 3
_CHUNK = re.compile(r"[a-z0-9]+(?:\.\d+[a-z0-9]*)*", re.ASCII)
_GLUED = re.compile(r"([a-z]{2,}|v|[a-z](?=\d+(?:\.\d+)?b$))(\d[\w.]*)", re.ASCII)
_SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmt]|[ae]\d+(?:\.\d+)?b|\d+e", re.ASCII)
_PACKING = re.compile(r"(?:fp|int|nf|nvfp|mxfp)[2-8]|w\d+a\d+|exl[23]|\d+bit|[\d.]+bpw|i?q[1-8]", re.ASCII)
_DATE = re.compile(r"20\d{6}|20\d{4}|\d{4}", re.ASCII)

_SIZE_WORDS = frozenset(
    "nano micro tiny mini small medium large xs xl xxl lite flash turbo air plus pro max ultra".split()
)
_VARIANTS = {
    word: word
    for word in (
        "instruct chat base thinking reasoning preview experimental coder code codex math vl vision omni audio image"
        " video embedding reranker guard ocr search distill latest fast highspeed alpha beta"
    ).split()
} | {
    "inst": "instruct",
    "think": "thinking",
    "pretrained": "base",
    "exp": "experimental",
    "embed": "embedding",
}
_PACKING_WORDS = frozenset(
    "gguf ggml awq gptq mlx bnb hqq aqlm imatrix onnx openvino lora qlora dora adapter peft merge merged slerp"
    " abliterated uncensored quantized".split()
)
# The full precisions are how a model is released, not a packing of it.
_NOISE = frozenset(
    "introducing announcing release released releases new the model models weights open hf bf16 fp16 fp32".split()
)
_UNORDERED: tuple[Role, ...] = ("size", "variant", "packing")
_LONGEST = 10


@dataclass(frozen=True, slots=True, order=True)
class ReleaseName:
    """What names a release; two names are the same release only when all of it agrees.

    ``family`` is in lower case without separators, ``spelled`` is how this name spells it in words. ``versions`` are
    in the order of the name (one for most models), ``sizes``, ``variants`` and ``packings`` (quantisations, adapters,
    merges) in alphabetical order.
    """

    family: str
    versions: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    packings: tuple[str, ...] = ()
    spelled: str = field(default="", compare=False)

    @property
    def is_telling(self) -> bool:
        """Whether the name can be looked for in prose: it has a family and a number."""
        parts = (*self.versions, *self.sizes, *self.variants)
        return bool(self.family) and any(char.isdigit() for part in parts for char in part)

    @property
    def is_exact(self) -> bool:
        """Whether equal names are one release: it has a family, and a version or a size."""
        return bool(self.family and (self.versions or self.sizes))

    @property
    def precision(self) -> int:
        """How many things the name says; of two names of one release, the higher says more."""
        return len(self.versions) + len(self.sizes) + len(self.variants)

    def contradicts(self, other: "ReleaseName") -> bool:
        """Tell whether both names state versions, sizes or variants, and neither only leaves some of them out.

        Versions must be equal where both state them, and so must sizes in parameters; ``Small`` beside ``24B`` is no
        contradiction. ``Instruct`` beside ``Instruct 2512`` is none either; beside ``Thinking`` it is one.
        """
        stated = ((self.versions, other.versions), (self._scales(), other._scales()))
        if any(mine and theirs and mine != theirs for mine, theirs in stated):
            return True
        return bool(set(self.variants) - set(other.variants) and set(other.variants) - set(self.variants))

    def _scales(self) -> tuple[str, ...]:
        return tuple(size for size in self.sizes if any(char.isdigit() for char in size))


def release_name(name: str) -> ReleaseName:
    """Return what a repository id, slug or title names; vendor prefix, case and separators do not matter.

    A name that is only a version, such as ``mill/r1``, has its vendor for a family. Prose behind a name and a colon or
    dash is no part of it.
    """
    text = _without_note(name.strip().lower())
    vendor = _VENDOR.match(text)
    found = _named(_words(text[vendor.end() :] if vendor else text))
    if found.family or vendor is None:
        return found
    family = re.sub(r"[\W_]+|[\W_]*(?:ai|labs?|research)$", "", vendor[1])
    return replace(found, family=family, spelled=family)


def _without_note(text: str) -> str:
    match = _NOTE.fullmatch(text)
    if match is None or len(match[2].split()) < _PROSE_WORDS or not _PROSE.search(match[2]):
        return text
    head, note = _named(_words(match[1])), _named(_words(match[2]))
    return match[1] if head.is_telling and note.precision == 0 and not note.packings else text


def names_in(headline: str) -> frozenset[ReleaseName]:
    """Return the names that a headline may be read to name, each with a family and a number.

    A run of words is a name when it begins with its family and no version, size, variant or packing follows: what
    tells of ``Glimmer 2 Mini`` or ``Glimmer 2.1`` does not name ``Glimmer 2``.
    """
    words = _words(headline.strip().lower())
    starts = (place for place, (role, _) in enumerate(words) if role == "family")
    names = (_named(words[start:end]) for start in starts for end in _ends(words, start))
    return frozenset(name for name in names if name.is_telling)


def _ends(words: tuple[Word, ...], start: int) -> Iterator[int]:
    for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
        if end == len(words) or words[end][0] == "family":
            yield end


def _named(words: tuple[Word, ...]) -> ReleaseName:
    def said(role: Role) -> tuple[str, ...]:
        return tuple(word for known, word in words if known == role)

    family = said("family")
    sizes, variants, packings = (tuple(sorted(set(said(role)))) for role in _UNORDERED)
    return ReleaseName("".join(family), said("version"), sizes, variants, packings, " ".join(family))


def _words(text: str) -> tuple[Word, ...]:
    return tuple(_word(chunk) for chunk in _chunks(_plain(text)) if chunk not in _NOISE)


def _plain(text: str) -> str:
    """Write dates, block quantisations and split versions as one word each, ``R+`` as ``R plus``.

    ``it`` is ``Instruct`` behind a hyphen, or behind a size at the end, only: prose uses the word otherwise.
    """
    text = _BLOCK_QUANT.sub(" gguf ", _INSTRUCT.sub(" instruct", _OFFER.sub(" ", text)))
    text = _ISO_DATE.sub(lambda date: "".join(date.groups("")), text)
    text = _GLUED_VERSION.sub(r"\1.\2", text)
    text = _MONTH_DAY.sub(r"\1\2", _MONTH_FIRST.sub(r"\2\1", text))
    text = re.sub(r"(?<=[a-z])\.(?=\d)", " ", re.sub(r"(\d)[-_ ]bit\b", r"\1bit", text))
    return re.sub(r"(?<=[a-z0-9])\+(?![a-z0-9])", " plus ", _SPLIT_VERSION.sub(r"\1.\2", text))


def _chunks(text: str) -> Iterator[str]:
    """Yield the words, those in which a family is glued to a number in two: ``glimmer2`` is ``glimmer``, ``2``."""
    for word in _CHUNK.findall(text):
        glued = _GLUED.fullmatch(word)
        if glued is None or word in _NOISE or _PACKING.fullmatch(word) or _SIZE.fullmatch(word):
            yield word
        else:
            yield from (glued[2],) if glued[1] == "v" else glued.groups()


def _word(chunk: str) -> Word:
    if _PACKING.fullmatch(chunk) or chunk in _PACKING_WORDS:
        return "packing", chunk
    if _SIZE.fullmatch(chunk) or chunk in _SIZE_WORDS:
        return "size", chunk
    if chunk in _VARIANTS or _DATE.fullmatch(chunk):
        return "variant", _VARIANTS.get(chunk, chunk)
    if re.fullmatch(r"[a-z]?\d[\w.]*", chunk):
        return "version", re.sub(r"(?:\.0)+$", "", chunk)
    return "family", chunk
