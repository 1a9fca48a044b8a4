"""The check of a brief without a model: every number, unit, name and comparison of a claim must stand in its source."""

from dataclasses import dataclass

from triage.comparisons import Comparisons, comparisons_of, unsupported_comparisons
from triage.evidence import rests_on, supporting_sentence
from triage.findings import Finding
from triage.named_things import Names, names_of, unsupported_names
from triage.number_support import Numbers, numbers_of, unsupported_numbers
from triage.plain_text import plain, same_words
from triage.sentences import sentences

__all__ = ["Finding", "Source", "prepared", "rests_on", "supporting_sentence", "unsupported"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source text, read once for all the claims that are checked against it."""

    numbers: Numbers
    names: Names
    comparisons: Comparisons
    sentences: frozenset[str]


def prepared(source: str) -> Source:
    """Return what a source says, for checking several claims; costs time in proportion to its length."""
    text = plain(source)
    whole = frozenset(same_words(sentence) for sentence in sentences(source))
    return Source(numbers_of(text), names_of(text), comparisons_of(text), whole)


def unsupported(claim: str, source: str | Source) -> tuple[Finding, ...]:
    """Return what a claim says that its source does not; a whole sentence of the source is always supported."""
    against = prepared(source) if isinstance(source, str) else source
    if same_words(claim) in against.sentences:
        return ()
    text = plain(claim)
    found = (
        *unsupported_numbers(text, against.numbers, against.names.keys),
        *unsupported_names(text, against.names),
        *unsupported_comparisons(text, against.comparisons),
    )
    return tuple(dict.fromkeys(found))
