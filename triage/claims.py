"""The check of a brief without a model: every number, unit, name and comparison of a claim must stand in its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from triage.comparisons import Comparisons, comparisons_of, is_comparing, unsupported_comparisons
from triage.evidence import rests_on, supporting_sentence
from triage.findings import Finding
from triage.named_things import Names, name_runs, names_of, unsupported_names
from triage.number_support import Numbers, numbers_of, unsupported_numbers
from triage.plain_text import plain, same_words
from triage.quantities import quantities
from triage.sentences import sentences

__all__ = ["Finding", "Source", "rests_on", "supporting_sentence", "unsupported"]


@dataclass(frozen=True)
class Source:
    """A source text, of which each part is read when a claim first needs it, and once for all the claims."""

    text: str

    @cached_property
    def numbers(self) -> Numbers:
        """Its numbers."""
        return numbers_of(self._plain)

    @cached_property
    def names(self) -> Names:
        """Its names, in the forms that a claim may use."""
        return names_of(self._plain)

    @cached_property
    def comparisons(self) -> Comparisons:
        """What it says is more or less, better or worse."""
        return comparisons_of(self._plain)

    @cached_property
    def sentences(self) -> frozenset[str]:
        """Its sentences, in the spelling of ``same_words``."""
        return frozenset(map(same_words, sentences(self.text)))

    @cached_property
    def _plain(self) -> str:
        return plain(self.text)


def unsupported(claim: str, source: str | Source) -> tuple[Finding, ...]:
    """Return what a claim says that its source does not; a whole sentence of the source is always supported."""
    against = Source(source) if isinstance(source, str) else source
    if same_words(claim) in against.sentences:
        return ()
    return tuple(dict.fromkeys(_unsupported(plain(claim), against)))


def _unsupported(claim: str, source: Source) -> Iterator[Finding]:
    if numbers := quantities(claim):
        yield from unsupported_numbers(claim, numbers, source.numbers, lambda: source.names.keys)
    if names := tuple(name_runs(claim)):
        yield from unsupported_names(names, source.names)
    if is_comparing(claim):
        yield from unsupported_comparisons(claim, source.comparisons)
