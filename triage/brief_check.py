"""The check of a model's brief against what it was made of, without a model, and what becomes of what fails.

A point that says a number, unit or name that its source lacks, or that has next to no words of it, is removed; a
comparison the other way round, or a point without a sentence to rest on, is marked. A summary with any of it is not
told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.types import BriefPoint, Subject
from triage.claims import Source, rests_on, supporting_sentence, unsupported
from triage.plain_text import same_words
from triage.sentence_features import stems
from triage.sentences import sentences

# Of true summaries of abstracts 0.4 to 1.9 % have a smaller share of their words in the abstract; of summaries of other
# works 66 to 70 % do.
_LEAST_SHARED = 0.2
_LONGEST_QUOTE = 700
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote, before the check."""

    summary: str
    points: tuple[BriefPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Words that the source does not bear out, and why in a line; what is grave is not told."""

    what: str
    why: str
    is_grave: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose quotes stand in the source, and what is wrong with the rest of it, in the points' order."""

    draft: Draft
    summary: tuple[Trouble, ...]
    points: tuple[tuple[Trouble, ...], ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.summary and not any(self.points)


@dataclass(frozen=True)
class Ground:
    """What a brief may say: the title and text of a work, and of its subjects, read once for all claims."""

    title: str
    text: str
    subjects: tuple[Subject, ...] = ()

    @cached_property
    def told(self) -> str:
        """The words of the work."""
        return f"{self.title}\n\n{self.text}"

    @cached_property
    def source(self) -> Source:
        """What the work says."""
        return Source(self.told)

    @cached_property
    def source_with_subjects(self) -> Source:
        """What the work and its subjects say."""
        return Source("\n\n".join((self.told, *map(subject_words, self.subjects))))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the text, its title last."""
        return (*sentences(self.text), self.title)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words of the work and of its subjects."""
        return frozenset(stems("\n".join((self.told, *map(subject_words, self.subjects)))))

    @cached_property
    def is_latin(self) -> bool:
        """Tell whether most letters are Latin, so that an English brief shares words with it."""
        return self.told.isascii() or 2 * len(_LATIN.findall(self.told)) >= len(_LETTER.findall(self.told))


def subject_words(subject: Subject) -> str:
    """Return a subject in the words of the configuration."""
    return f"{subject.name}: {subject.description}" if subject.description else subject.name


def check(draft: Draft, ground: Ground) -> Checked:
    """Look every number, unit, name, comparison and quote of a draft up; a quote that is none is replaced."""
    quoted = tuple(replace(point, quote=_quote(point, ground)) for point in draft.points)
    return Checked(
        replace(draft, points=quoted),
        _troubles(draft.summary, ground, ground.source),
        tuple(_point_troubles(point, ground) for point in quoted),
    )


def _quote(point: BriefPoint, ground: Ground) -> str:
    """Return the quote where it stands in the source, else the sentence nearest to the claim, if any."""
    quote = " ".join(point.quote.split())
    if len(quote) <= _LONGEST_QUOTE and _stands(quote, ground):
        return quote
    return " ".join((supporting_sentence(point.text, ground.sentences) or "").split())[:_LONGEST_QUOTE]


def _stands(quote: str, ground: Ground) -> bool:
    whole = bool(quote) and same_words(quote) in ground.source.sentences
    return whole or rests_on(quote, ground.told)


def _point_troubles(point: BriefPoint, ground: Ground) -> tuple[Trouble, ...]:
    found = _troubles(point.text, ground, ground.source)
    if found and point.kind == "matters" and ground.subjects:
        found = _troubles(point.text, ground, ground.source_with_subjects)
    if point.quote:
        return found
    return (*found, Trouble("a sentence that says it", "no sentence of the text says anything of it", is_grave=False))


def _troubles(claim: str, ground: Ground, source: Source) -> tuple[Trouble, ...]:
    found = tuple(
        Trouble(finding.what, f"{finding.kind}: {finding.why}", finding.kind != "comparison")
        for finding in unsupported(claim, source)
    )
    return found if _shares_words(claim, ground) else (*found, Trouble("its words", "next to no word is of the text"))


def _shares_words(claim: str, ground: Ground) -> bool:
    said = frozenset(stems(claim))
    return bool(said) and (not ground.is_latin or len(said & ground.stems) >= _LEAST_SHARED * len(said))


def report(checked: Checked) -> str:
    """Return what is wrong in words for the model, a line each."""
    parts = [("summary", checked.draft.summary, checked.summary)]
    parts += [(p.kind, p.text, found) for p, found in zip(checked.draft.points, checked.points, strict=True)]
    return "\n".join(
        f"- {name} “{text}”: {'; '.join(f'“{one.what}” ({one.why})' for one in found)}"
        for name, text, found in parts
        if found
    )


def mended(checked: Checked, again: Draft) -> Draft:
    """Return a draft with what was written again in the place of what was wrong; what passed stays."""
    return Draft(
        again.summary if checked.summary else checked.draft.summary,
        again.points if any(checked.points) else checked.draft.points,
    )


def borne_out(checked: Checked) -> tuple[BriefPoint, ...]:
    """Return the points that may be told, each with the names of what of it was not found."""
    pairs = zip(checked.draft.points, checked.points, strict=True)
    return tuple(replace(point, unsupported=_named(found)) for point, found in pairs if not _is_grave(found))


def _is_grave(found: Sequence[Trouble]) -> bool:
    return any(trouble.is_grave for trouble in found)


def _named(found: Sequence[Trouble]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(trouble.what for trouble in found))
