"""A reader in the place of M2, for trying the product: no model, but answers made of what it is given.

It judges cases by the words that they share with their subject, and writes briefs in sentences of their text. Else it
calls each reading tool once, then fills the form of ``submit`` from its JSON schema with sentences of what it was told,
so that every claim can be found in its source. The same request always gets the same answer.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.servers.lm.asked import Asked
from tests.servers.lm.judge import rulings
from tests.servers.lm.spoken import Spoken
from tests.servers.lm.writer import asks_for, brief, findings

_SENTENCE = re.compile(r"[A-Z][^.!?<>{}\n]{30,300}[.!?](?=\s|$)")
_ID = re.compile(r"""\bid\s*[=:]\s*["']?([^\s"'<>,;]+)""")
_THOUGHT = "The text says: {} Let me see what follows from it."
_Schema = Mapping[str, Any]


def reads(asked: Asked) -> Spoken:
    """Answer as a diligent reader would."""
    if judged := list(rulings(asked)):
        return Spoken(thinking="Which words do they share?", calls=(("submit", {"rulings": judged}),))
    if asks_for(asked, "summary", "new"):
        return Spoken(thinking="What does it claim, and where does it say so?", calls=(("submit", brief(asked)),))
    sentences = _SENTENCE.findall(asked.told) or ["The text says nothing in whole sentences."]
    reading = [name for name in asked.tools if name != "submit"]
    turn = len(asked.heard)
    thought = _THOUGHT.format(sentences[turn % len(sentences)])
    if turn < len(reading):
        name = reading[turn]
        return Spoken(thinking=thought, calls=((name, _Filled(asked, sentences).value(asked.tools[name])),))
    if asks_for(asked, "contradicts"):
        return Spoken(thinking=thought, calls=(("submit", findings(asked)),))
    if "submit" in asked.tools:
        return Spoken(thinking=thought, calls=(("submit", _Filled(asked, sentences).value(asked.tools["submit"])),))
    return Spoken(thinking=thought, text=sentences[0])


class _Filled:
    """Fills a schema; a list of objects with an id gets one for each id in the text, else as few as allowed."""

    def __init__(self, asked: Asked, sentences: Sequence[str]) -> None:
        self._ids = list(dict.fromkeys(_ID.findall(asked.told)))
        self._sentences = sentences
        self._text = asked.told

    def value(self, schema: _Schema, name: str = "", key: str = "") -> Any:
        schema = (schema.get("anyOf") or schema.get("oneOf") or [schema])[0]
        if options := schema.get("enum") or [schema[one] for one in ("const",) if one in schema]:
            return options[self._number(key) % len(options)]
        match schema.get("type"):
            case "object":
                return self._object(schema, key)
            case "array":
                return self._list(schema, name, key)
            case "boolean":
                return self._number(key + name) % 2 == 0
            case "integer" | "number":
                return self._figure(schema, key + name)
        return self._words(schema, name, key)

    def _object(self, schema: _Schema, key: str) -> dict[str, Any]:
        return {name: self.value(one, name, key) for name, one in schema.get("properties", {}).items()}

    def _list(self, schema: _Schema, name: str, key: str) -> list[Any]:
        of = schema.get("items", {})
        has_id = "id" in of.get("properties", {})
        keys = self._ids if has_id else [f"{key}{place}" for place in range(max(1, schema.get("minItems", 1)))]
        return [self.value(of, name, one) for one in keys[: schema.get("maxItems", len(keys))]]

    def _words(self, schema: _Schema, name: str, key: str) -> str:
        if name == "id":
            return key
        mine = self._text.partition(key)[2] if key in self._ids else ""
        found = _SENTENCE.findall(mine) or self._sentences
        # Without the name: a claim and the sentence it rests on are the same one.
        words = found[0] if key in self._ids else found[self._number(key) % len(found)]
        return words[: schema.get("maxLength", len(words))]

    def _figure(self, schema: _Schema, key: str) -> float:
        low: float = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        high: float = schema.get("maximum", schema.get("exclusiveMaximum", low + 10))
        figure = low + (high - low) * (0.3 + 0.6 * (self._number(key) % 97) / 97)
        return round(figure) if schema["type"] == "integer" else round(figure, 3)

    def _number(self, key: str) -> int:
        seed = json.dumps([key, self._sentences[0]]).encode()
        return int.from_bytes(hashlib.sha256(seed).digest()[:4])
