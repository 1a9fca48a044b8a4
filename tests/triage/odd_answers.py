"""Odd answers of a model that judges: each made from the right entries, and what it may come to."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.servers.lm import Spoken

Entries = list[dict[str, Any]]
Comes = Literal["right", "undecided", "mixed"]
"""Right on all cases; undecided on all; or right on some and undecided on the others."""


@dataclass(frozen=True, slots=True)
class Odd:
    """An answer, made from the right entries, when it is given again and again."""

    name: str
    answer: Callable[[Entries], Spoken]
    comes: Comes


def call(arguments: Any, **spoken: Any) -> Spoken:
    return Spoken(thinking="Hm.", calls=(("submit", arguments),), **spoken)


def _each(**changed: Callable[[dict[str, Any]], Any]) -> Callable[[Entries], Spoken]:
    """Return an answer in which these fields of each entry are changed."""
    return lambda right: call(
        {"rulings": [one | {name: change(one) for name, change in changed.items()} for one in right]}
    )


def _first(**changed: Any) -> Callable[[Entries], Spoken]:
    """Return an answer in which these fields of the first entry are changed."""
    return lambda right: call({"rulings": [right[0] | changed, *right[1:]]})


def _without(name: str) -> Callable[[Entries], Spoken]:
    return lambda right: call({"rulings": [{key: one[key] for key in one if key != name} for one in right]})


def _first_without(name: str) -> Callable[[Entries], Spoken]:
    return lambda right: call({"rulings": [{key: right[0][key] for key in right[0] if key != name}, *right[1:]]})


def _text(write: Callable[[str], str]) -> Callable[[Entries], Spoken]:
    return lambda right: Spoken(text=write(json.dumps({"rulings": right})), thinking="Hm.")


def _xml(right: Entries) -> str:
    inside = f'<parameter name="rulings">{json.dumps(right)}</parameter>'
    return f'<minimax:tool_call>\n<invoke name="submit">\n{inside}\n</invoke>\n</minimax:tool_call>'


def _twice(right: Entries, other: Entries) -> Spoken:
    return Spoken(calls=(("submit", {"rulings": right}), ("submit", {"rulings": other})))


def _flipped(right: Entries) -> Entries:
    return [one | {"belongs": not one["belongs"], "score": 0 if one["belongs"] else 7} for one in right]


ODD: tuple[Odd, ...] = (
    Odd("as it should be", lambda right: call({"rulings": right}), "right"),
    Odd("in another order", lambda right: call({"rulings": right[::-1]}), "right"),
    Odd("scores as text", _each(score=lambda one: str(one["score"])), "right"),
    Odd("scores as text with spaces", _each(score=lambda one: f" {one['score']} "), "right"),
    Odd("truth as text", _each(belongs=lambda one: str(one["belongs"])), "right"),
    Odd("truth in capitals", _each(belongs=lambda one: str(one["belongs"]).upper()), "right"),
    Odd("ids in capitals", _each(id=lambda one: one["id"].upper()), "right"),
    Odd("ids with spaces", _each(id=lambda one: f" {one['id']}\n"), "right"),
    Odd("the list as JSON text", lambda right: call({"rulings": json.dumps(right)}), "right"),
    Odd(
        "fields nobody asked for",
        lambda right: call({"rulings": [one | {"mood": 3} for one in right], "x": 1}),
        "right",
    ),
    Odd("text beside", lambda right: call({"rulings": right}, text="I hand it in."), "right"),
    Odd("two submits, the same", lambda right: _twice(right, right), "right"),
    Odd("a reason of many words", _each(reason=lambda _: "It is of trams. " * 400), "right"),
    Odd("a reason in Chinese", _each(reason=lambda _: "这篇文章与电车有关。"), "right"),
    Odd("a reason over several lines", _each(reason=lambda _: "It\n\n* counts\n* trams"), "right"),
    Odd("half a surrogate pair", _each(reason=lambda _: "It counts \ud83d trams"), "right"),
    Odd("fenced JSON in place of a call", _text(lambda said: f"```json\n{said}\n```"), "right"),
    Odd("bare JSON in place of a call", _text(lambda said: said), "right"),
    Odd("a thought in tags before fenced JSON", _text(lambda said: f"<think>Hm.</think>\n```\n{said}\n```"), "right"),
    Odd("nothing", lambda _: Spoken(), "undecided"),
    Odd("white space", lambda _: Spoken(text="\n \n"), "undecided"),
    Odd("only thoughts", lambda _: Spoken(thinking="They are all of trams."), "undecided"),
    Odd("a thought that never ends", lambda _: Spoken(thinking="Hm.", truncated=True), "undecided"),
    Odd("a refusal by the host", lambda _: Spoken(refused=True), "undecided"),
    Odd("a refusal in words", lambda _: Spoken(text="I am sorry, but I cannot judge this."), "undecided"),
    Odd("a refusal with a call", lambda right: call({"rulings": right}, refused=True, text="I cannot."), "right"),
    Odd("prose", lambda _: Spoken(text="The first belongs, the second does not."), "undecided"),
    Odd("prose in German", lambda _: Spoken(text="Alle Fälle gehören dazu."), "undecided"),
    Odd("prose in Chinese", lambda _: Spoken(text="全部相关,十分。"), "undecided"),
    Odd(
        "a table",
        lambda right: Spoken(text="\n".join(f"| {one['id']} | {one['score']} |" for one in right)),
        "undecided",
    ),
    Odd("tool XML as text", lambda right: Spoken(text=_xml(right)), "undecided"),
    Odd("another tool's name", lambda right: Spoken(calls=(("hand_in", {"rulings": right}),)), "undecided"),
    Odd("two submits that differ", lambda right: _twice(right, _flipped(right)), "undecided"),
    Odd("two fenced answers", _text(lambda said: f"```\n{said}\n```\nor\n```\n{said}\n```"), "undecided"),
    Odd("JSON that is cut", _text(lambda said: f"```json\n{said[: len(said) // 2]}"), "undecided"),
    Odd("a call that is cut", lambda right: call({"rulings": right}, truncated=True), "undecided"),
    Odd("no arguments", lambda _: call({}), "undecided"),
    Odd("an empty list", lambda _: call({"rulings": []}), "undecided"),
    Odd("null for a list", lambda _: call({"rulings": None}), "undecided"),
    Odd("an object for a list", lambda right: call({"rulings": {one["id"]: one for one in right}}), "undecided"),
    Odd("text for a list", lambda _: call({"rulings": "all of them belong"}), "undecided"),
    Odd("a list of texts", lambda right: call({"rulings": [one["id"] for one in right]}), "undecided"),
    Odd("a list of nulls", lambda right: call({"rulings": [None for _ in right]}), "undecided"),
    Odd("another name for the list", lambda right: call({"verdicts": right}), "undecided"),
    Odd("the list in a list", lambda right: call({"rulings": [right]}), "undecided"),
    Odd(
        "places for ids", lambda right: call({"rulings": [one | {"id": n} for n, one in enumerate(right)]}), "undecided"
    ),
    Odd(
        "places as text for ids",
        lambda r: call({"rulings": [e | {"id": str(n)} for n, e in enumerate(r)]}),
        "undecided",
    ),
    Odd("titles for ids", _each(id=lambda _: "Quill and its winters"), "undecided"),
    Odd("all ids the same", lambda right: call({"rulings": [one | {"id": right[0]["id"]} for one in right]}), "mixed"),
    Odd("no ids", _without("id"), "undecided"),
    Odd("no truth", _without("belongs"), "undecided"),
    Odd("no scores", _without("score"), "undecided"),
    Odd("no reasons", _without("reason"), "undecided"),
    Odd("empty reasons", _each(reason=lambda _: ""), "undecided"),
    Odd("reasons of white space", _each(reason=lambda _: " \n"), "undecided"),
    Odd("reasons of links alone", _each(reason=lambda _: "https://evil.example/x"), "undecided"),
    Odd("truth as yes", _each(belongs=lambda one: "yes" if one["belongs"] else "no"), "undecided"),
    Odd("truth as numbers", _each(belongs=lambda one: int(one["belongs"])), "undecided"),
    Odd("truth as null", _each(belongs=lambda _: None), "undecided"),
    Odd("truth as maybe", _each(belongs=lambda _: "maybe"), "undecided"),
    Odd("truth in a list", _each(belongs=lambda one: [one["belongs"]]), "undecided"),
    Odd("scores out of one", _each(score=lambda one: one["score"] / 10), "undecided"),
    Odd("scores out of a hundred", _each(score=lambda one: one["score"] * 10 + 11), "undecided"),
    Odd("scores with a fraction", _each(score=lambda one: one["score"] + 0.5), "undecided"),
    Odd("scores with a fraction as text", _each(score=lambda one: f"{one['score']}.5"), "undecided"),
    Odd("scores as fractions", _each(score=lambda one: f"{one['score']}/10"), "undecided"),
    Odd("scores in words", _each(score=lambda _: "seven"), "undecided"),
    Odd("scores in stars", _each(score=lambda one: "*" * one["score"]), "undecided"),
    Odd("scores below zero", _each(score=lambda _: -1), "undecided"),
    Odd("scores as truth", _each(score=lambda _: True), "undecided"),
    Odd("scores as null", _each(score=lambda _: None), "undecided"),
    Odd("scores beyond counting", _each(score=lambda _: 10**400), "undecided"),
    Odd("scores that contradict", _each(belongs=lambda _: False, score=lambda _: 9), "undecided"),
    Odd("one entry missing", lambda right: call({"rulings": right[1:]}), "mixed"),
    Odd("all but one missing", lambda right: call({"rulings": right[:1]}), "mixed"),
    Odd("an entry too many", lambda right: call({"rulings": [*right, right[0] | {"id": "zzzz"}]}), "right"),
    Odd("one entry twice, differing", lambda right: call({"rulings": [*right, *_flipped(right[:1])]}), "mixed"),
    Odd("one without a reason", _first_without("reason"), "mixed"),
    Odd("one without a score", _first_without("score"), "mixed"),
    Odd("one with a score out of a hundred", _first(belongs=True, score=85), "undecided"),
    Odd("one with a score with a fraction", _first(belongs=True, score=7.5), "undecided"),
    Odd("one that is null", lambda right: call({"rulings": [None, *right[1:]]}), "mixed"),
)
