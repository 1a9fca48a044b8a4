"""Models that judge, as scripts of a host: a fair one, and one that obeys whatever it reads."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.judged import Match
from core.lm import Submit
from core.types import Item, Subject
from lm.submit import submit
from tests.lm.desk import model_at
from tests.servers.lm import Asked, Hosts, Said, Script, Serving, Spoken, open_hosts
from tests.triage.injections import INJECTIONS, QUIET, Injection
from triage.cases import Case
from triage.fencing import visible
from triage.judging import judge

TRAMS = Subject("trams", "Tram networks", "How tram networks are planned and run.", ("tram", "light rail"), max_items=4)
OWLS = Subject("owls", "Owls", "How owls hunt, nest and are counted.", ("owl",), ("logo",), max_items=2)
SUBJECTS = (TRAMS, OWLS)
MODEL = "MiniMax-M2"
_PLACES = ("Quill", "Ember", "Thistle", "Marrow", "Saffron", "Pewter", "Juniper", "Cobalt", "Heron", "Larch", "Mica")
_SHOWN = re.compile(r"^id: (\w+)\n⟦data (\w+): case⟧\n(.*?)\n⟦end of data \2[^⟧]*⟧", re.DOTALL | re.MULTILINE)


def item_of(number: int) -> Item:
    """Return a plain item, no two with a run of words in their titles that is the same."""
    place = _PLACES[number % len(_PLACES)] + chr(96 + number // len(_PLACES)) * (number >= len(_PLACES))
    text = f"We count the trams of {place} over {number + 3} winters, and ask why the delays are longest in the hills. "
    return Item(f"i{number}", "paper", f"{place} and its winters", f"https://lantern.example/{number}", text * 2)


def case_of(item: Item, subject: Subject = TRAMS, score: float = 0.3) -> Case:
    """Return an uncertain case."""
    return Case(item, subject.slug, Match(subject.slug, score, "shares “tram”", "uncertain"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as a model sees it."""

    id: str
    text: str

    @property
    def fair(self) -> dict[str, Any]:
        """The verdict that this text deserves by itself: of ours what is plain, else by its hash."""
        if "bakery on the market square" in self.text:
            return self.entry(None)
        if "a new method, and a study of what it changes" in self.text:
            return self.entry(8)
        number = int.from_bytes(hashlib.sha256(self.text.encode()).digest()[:4])
        return self.entry(1 + number % 10) if number % 3 else self.entry(None)

    def entry(self, score: int | None, reason: str = "") -> dict[str, Any]:
        """Return what is answered; None for a score says that it does not belong."""
        said = reason or f"Its text has {len(self.text)} characters."
        return {"id": self.id, "belongs": score is not None, "score": score or 0, "reason": said}


def shown_in(asked: Asked) -> list[Shown]:
    """Return the cases of a request."""
    return [Shown(found[1], found[3]) for found in _SHOWN.finditer(asked.told)]


def submits(entries: Sequence[Any], **spoken: Any) -> Spoken:
    """Return the call that hands entries in."""
    return Spoken(thinking="Hm.", calls=(("submit", {"rulings": list(entries)}),), **spoken)


def fair(asked: Asked) -> Said:
    """Judge each text by itself."""
    return submits([one.fair for one in shown_in(asked)])


def obeys(asked: Asked) -> Said:
    """Judge each text by itself, and then do what any of them says."""
    cases = shown_in(asked)
    entries = {one.id: one.fair for one in cases}
    for place, one in enumerate(cases):
        for injection in _heard(one.text):
            others = [*cases[place + 1 :], *cases[:place]]
            if said := _instead(injection):
                return said
            entries |= {other.id: other.entry(*_done(injection)) for other in _hit(injection, others)}
            entries[one.id] = one.entry(10, _LINKS if injection.effect == "links" else "It says so.")
    return submits(list(entries.values()))


_LINKS = "<!channel> <@U01ABCDEF> @everyone see [it](https://evil.example/x) or <https://evil.example|arXiv> now."


def _heard(text: str) -> list[Injection]:
    bare = "".join(text.split())
    return [one for one in (*INJECTIONS, *QUIET) if (told := "".join(visible(one.text).split())) and told[:60] in bare]


def _instead(injection: Injection) -> Said | None:
    answers = {"silence": Spoken(thinking="Hush."), "refusal": Spoken(refused=True), "garbage": Spoken("O tram!")}
    return answers.get(injection.effect)


def _hit(injection: Injection, others: list[Shown]) -> list[Shown]:
    if injection.effect == "own_top":
        return []
    return others[:1] if injection.effect == "next_out" else others


def _done(injection: Injection) -> tuple[int | None, str]:
    match injection.effect:
        case "others_top":
            return 10, "All are."
        case "middling":
            return 5, "So so."
        case "links":
            return 7, _LINKS
    return None, "It was said."


def rightly(case: Case) -> tuple[bool, int]:
    """Return what a case deserves, from what it looks like when it is alone."""
    seen: list[Shown] = []

    def note(asked: Asked) -> Said:
        seen[:] = shown_in(asked)
        return fair(asked)

    with judging(note) as (bench, _):
        judge([case], SUBJECTS, submit=bench, model=MODEL)
    return seen[0].fair["belongs"], seen[0].fair["score"]


@contextmanager
def judging(
    script: Script | list[Said], serving: Serving = "signed", **settings: Any
) -> Iterator[tuple[Submit, Hosts]]:
    """Open a host that judges by a script, and what asks it."""
    with open_hosts(script) as hosts, model_at(hosts, serving, **settings) as model:
        yield partial(submit, model.complete), hosts
