"""How the reader in the place of M2 writes: every claim is a sentence of the text, copied, and chosen by cues."""

import re
from typing import Any

from tests.servers.lm.asked import Asked

_TEXT = re.compile(r"⟦data (\w+): (?:text|item)⟧\n(.*?)\n⟦end of data \1[^⟧]*⟧", re.DOTALL)
_SENTENCE = re.compile(r"[A-Z“][^.!?<>{}\n]*(?:\.\d[^.!?<>{}\n]*)*[.!?](?=\s|$)")
_SHORTEST, _ENOUGH, _LONGEST = 20, 40, 480
_CUES = {
    "summary": re.compile(r"\b(we|this \w+|today) \w*(propos|introduc|describ|present|examin|ask|show|releas|open)"),
    "new": re.compile(r"\b(we|that) \w*|\bfirst\b|\bnew\b|\binstead\b"),
    "shown": re.compile(r"\d"),
    "limits": re.compile(r"\b(but|only|not|however|except|fails?|worse|mostly|limits?)\b"),
    "matters": re.compile(r"\b(so|means|therefore|cheaper|faster|needs?|can)\b"),
}


_ID = re.compile(r"\bid: (\S+)")


def asks_for(asked: Asked, *fields: str) -> bool:
    """Tell whether these fields are asked for."""
    return set(fields) <= set((asked.tools.get("submit") or {}).get("properties", {}))


def findings(asked: Asked) -> dict[str, Any]:
    """Return an analysis in the form that is asked for."""
    item, left = _ID.search(asked.told), _sentences(asked)
    id_ = item[1] if item else ""
    return {
        "new": f"{_taken('new', left)} [{id_}]",
        "contradicts": f"Nothing that was found contradicts it; it says itself: {_taken('limits', left)} [{id_}]",
        "try_this": [{"what": f"Repeat the smallest of its experiments on our own data: {_taken('shown', left)}"}],
        "sources": [{"id": id_}],
    }


def brief(asked: Asked) -> dict[str, Any]:
    """Return a brief in the form that is asked for; a sentence is told once, as far as there are enough of them."""
    left = _sentences(asked)
    told: dict[str, Any] = {"summary": _taken("summary", left)}
    for name in asked.tools["submit"]["properties"]:
        if name not in told:
            said = _taken(name, left)
            told[name] = [{"text": _clause(said), "quote": said}]
    return told


def _sentences(asked: Asked) -> list[str]:
    found = _TEXT.search(asked.told)
    told = [one for one in _SENTENCE.findall(found[2] if found else asked.told) if len(one) > _SHORTEST]
    return told or ["The text says nothing in whole sentences."]


def _clause(sentence: str) -> str:
    """Return what a sentence says first, where that is enough to stand alone."""
    first = re.split(r": |; |, and |, but |, so ", sentence)[0]
    return f"{first}." if _ENOUGH < len(first) < len(sentence) else sentence


def _taken(name: str, left: list[str]) -> str:
    """Return the first sentence with a cue, and take it out while others are left."""
    chosen = next((one for one in left if _CUES[name].search(one.lower())), left[0]) if name in _CUES else left[0]
    if len(left) > 1:
        left.remove(chosen)
    return chosen[:_LONGEST]
