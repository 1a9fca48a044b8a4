"""What the analyst answers: its form, what it may rest on and lead to, and how it is kept.

An answer must rest on what was met in its run, and may link to nothing else: that is checked, not asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, Field

from core.judged import Analysis
from core.lm import Form, Run, Submitted
from core.types import Item
from triage.fencing import one_line
from triage.model_words import fit_words

_MOST_NAMED = 30
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"'`)\]}|\\]+", re.IGNORECASE)
_CITATION = re.compile(r"\[((?:[a-z]{2,12}:|https?://)[^\[\]\s]+)\](?!\()")
_PIPED = re.compile(r"\|\s*(?:sudo\s+)?(?:ba|z|da|fi)?sh\b|\|\s*(?:sudo\s+)?(?:python|perl|ruby|node)[\d.]*\b")
_LOOSE_MARK = re.compile(r"\s+(?=[.,;:!?)](?:\s|$))")
_CALLING = re.compile(r"<[!@#]")
_Command = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\n\r]+$")]


class Source(BaseModel):
    """An item that the analysis rests on."""

    id: str = Field(description="The id of an item that you opened or found.")


class Trial(BaseModel):
    """One thing to try."""

    what: str = Field(min_length=1, max_length=500, description="What to try this week, and what it would tell.")
    commands: list[_Command] = Field(
        default=[], max_length=5, description="For a repository: the commands to try first, one line each."
    )


class Findings(BaseModel):
    """What the analyst answers."""

    new: str = Field(
        min_length=1,
        max_length=3000,
        description="What is new against what the knowledge base already holds; after each claim its [id].",
    )
    contradicts: str = Field(
        min_length=1,
        max_length=3000,
        description="What it contradicts or what contradicts it, after each claim its [id]; or that nothing was found.",
    )
    try_this: list[Trial] = Field(min_length=1, max_length=5)
    sources: list[Source] = Field(min_length=1, max_length=40, description="Every item that a claim rests on.")


@dataclass(slots=True)
class Trail:
    """What a run has met: the ids it may cite, and the addresses it may name, with whatever stands beneath them."""

    ids: dict[str, None] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def meet(self, *items: Item) -> None:
        """Note items that were given, found or opened."""
        for item in items:
            self.ids[item.id] = None
            self.addresses |= {address for address in (item.url, item.told_at) if address}

    def leads_to(self, address: str) -> bool:
        """Tell whether an address is one that was met, or stands beneath one."""
        bare = address.rstrip(".,;:!?").removesuffix(".git").lower()
        met = (one.rstrip("/").lower() for one in self.addresses)
        return any(bare == one or bare.startswith((f"{one}/", f"{one}#", f"{one}?")) for one in met)


def findings_form(trail: Trail) -> Form[Findings]:
    """Return the form of the answer; it takes only what rests on the trail, as it is when the answer comes."""
    return Form(Findings, "Hand in the analysis, when you are done.", lambda found: _problem(found, trail))


def _problem(found: Findings, trail: Trail) -> str:
    """Return what is wrong with an answer, in words for the model, or an empty text."""
    sources = [source.id for source in found.sources]
    texts = [found.new, found.contradicts, *(text for one in found.try_this for text in (one.what, *one.commands))]
    said = "\n".join(texts)
    problems = (
        _unmet("sources", [one for one in sources if one not in trail.ids], trail),
        _unmet("claims", [one for one in _CITATION.findall(said) if one not in sources], trail),
        _astray([one for one in _ADDRESS.findall(said) if one not in sources and not trail.leads_to(one)]),
        "commands: none may hand a download to a shell or an interpreter" if _PIPED.search(said) else "",
        _odd([command for one in found.try_this for command in one.commands]),
    )
    return "; ".join(filter(None, problems))


def _unmet(where: str, ids: Sequence[str], trail: Trail) -> str:
    if not ids:
        return ""
    named = one_line(", ".join(list(trail.ids)[:_MOST_NAMED]), 3000)
    what = "neither opened nor found in this run" if where == "sources" else "cited in a text and not among the sources"
    return f"{where}: {', '.join(ids[:5])!r:.300} is {what}; there are {named}"


def _astray(addresses: Sequence[str]) -> str:
    return f"leave out {', '.join(addresses[:5])!r:.300}: it leads to nothing that you opened" if addresses else ""


def _odd(commands: Sequence[str]) -> str:
    """Return which commands hold what a person would not see, or what a channel would take for a call."""
    odd = [one for one in commands if not one.isprintable() or _CALLING.search(one)]
    return f"commands: leave out {odd[0]!r:.200}" if odd else ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which story was analysed, under which key."""

    story_id: str
    key: str


def analysis_of(occasion: Occasion, run: Run[Findings]) -> Analysis:
    """Return a run's outcome to be kept; without an answer it says nothing but how it ended."""
    story, key = occasion.story_id, occasion.key
    if not isinstance(run.outcome, Submitted):
        return Analysis(story, key, "", "", (), (), run.ended, run.turns)
    found = run.outcome.value
    sources = tuple(dict.fromkeys(source.id for source in found.sources))
    new, contradicts = map(fit_lines, (found.new, found.contradicts))
    return Analysis(story, key, new, contradicts, tuple(map(_trial, found.try_this)), sources, run.ended, run.turns)


def fit_lines(text: str) -> str:
    """Return a model's lines with their citations, and with nothing else that leads or calls anybody anywhere."""
    return "\n".join(map(_fit_line, text.strip().split("\n")))


def _fit_line(line: str) -> str:
    parts = enumerate(_CITATION.split(line))
    shown = (f"[{part}]" if place % 2 else fit_words(part) for place, part in parts)
    return _LOOSE_MARK.sub("", " ".join(filter(None, shown)))


def _trial(trial: Trial) -> str:
    """Return a thing to try as Markdown; whether commands were run is not the model's to say."""
    what = _fit_line(" ".join(trial.what.split()))
    if not trial.commands:
        return what
    return f"{what} (not run: {'; '.join(map(_code, trial.commands))})"


def _code(command: str) -> str:
    """Return a command as code in Markdown, whatever backticks it holds."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", command)), default=0))
    pad = " " if "`" in command else ""
    return f"{fence}{pad}{command}{pad}{fence}"
