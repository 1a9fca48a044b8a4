"""How the reader in the place of M2 judges: a case is of a subject if they share enough words that say something."""

import re
from collections.abc import Iterator
from typing import Any

from tests.servers.lm.asked import Asked

_CASE = re.compile(r"^id: (\w+)\n⟦data (\w+): case⟧\n(.*?)\n⟦end of data \2[^⟧]*⟧", re.DOTALL | re.MULTILINE)
_WORD = re.compile(r"[a-z][a-z-]{4,}")
_EMPTY = frozenset(
    "about above after among because being between could every first found further given large model models other "
    "paper papers research results several should show shows since still study their there these those through "
    "under using where which while whole whose within without would".split()
)
_ENOUGH = 3


def rulings(asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield a ruling on each case of a request."""
    subject = set(_stems(asked.system.partition("The subject:")[2]))
    for found in _CASE.finditer(asked.told):
        told = _stems(found[3])
        shared = sorted(told[stem] for stem in told.keys() & subject)
        belongs = len(shared) >= _ENOUGH
        yield {
            "id": found[1],
            "belongs": belongs,
            "score": min(1 + len(shared), 9) if belongs else 0,
            "reason": f"It shares {', '.join(shared[:5]) or 'no word of weight'} with the subject.",
        }


def _stems(text: str) -> dict[str, str]:
    """Return words by their beginnings."""
    return {word.rstrip("s")[:8]: word for word in _WORD.findall(text.lower()) if word not in _EMPTY}
