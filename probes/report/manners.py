"""Manners side by side: one row a trait, one place a run."""

from dataclasses import dataclass

from probes.personality import Contrast, Manner, Trait
from probes.report.findings import ProbeReport


@dataclass(frozen=True, slots=True)
class TraitRow:
    """A trait as every run shows it, None where nothing gave occasion; ``contrasts`` are differences beyond doubt."""

    trait: Trait
    manners: tuple[Manner | None, ...]
    contrasts: tuple[Contrast, ...]


def trait_rows(report: ProbeReport) -> tuple[TraitRow, ...]:
    """Return every trait that any run gave occasion for."""
    own = [{one.trait.name: one for one in told.manners} for told in report.runs]
    traits = {name: one.trait for manners in own for name, one in manners.items()}
    return tuple(
        TraitRow(
            trait,
            tuple(manners.get(name) for manners in own),
            tuple(one for one in report.contrasts if one.trait.name == name),
        )
        for name, trait in traits.items()
    )
