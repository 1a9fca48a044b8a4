"""What a check of a claim finds: words that the source does not support, and why."""

from dataclasses import dataclass
from typing import Literal

FindingKind = Literal["number", "unit", "name", "comparison"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a claim, in plain spelling, that its source does not support; ``why`` is one line for a reader."""

    kind: FindingKind
    what: str
    why: str
