"""The outline of a Markdown text: headings with what is below them, paragraphs, items of lists, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from probes.writing.figures import plain

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.+)$|\s{0,3}(?:\*\*|__)([^*_]{1,80})(?:\*\*|__):?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(.*)$")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"\s*(?:[-*_=]{3,}|```\w*|~~~\w*|\|[-:|\s]+\|)\s*$")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)")
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+")
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\b[ap]\.m\.)[\"')\]]{0,2}\s+(?=[\"'(\[]?[A-Z0-9])"
)

Kind = Literal["heading", "item", "row", "text"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, an item of a list, a row of a table or a paragraph, its marks taken away."""

    kind: Kind
    text: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a row."""
        return tuple(cell.strip() for cell in self.text.split("|"))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of a paragraph or item."""
        return tuple(one for one in _SENTENCE.split(self.text) if one.strip())


@dataclass(frozen=True, slots=True)
class Outline:
    """A text, or one section of it, as blocks in their order."""

    blocks: tuple[Block, ...] = field(default=())

    def of(self, kind: Kind) -> tuple[Block, ...]:
        """Return the blocks of one kind."""
        return tuple(block for block in self.blocks if block.kind == kind)

    @property
    def text(self) -> str:
        """All of it in lines."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def words(self) -> int:
        """How many words there are, headings and cells too; a sign alone is none."""
        return sum(any(sign.isalnum() for sign in word) for word in self.text.replace("|", " ").split())

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the paragraphs."""
        return tuple(sentence for block in self.of("text") for sentence in block.sentences)

    @property
    def spots(self) -> tuple[str, ...]:
        """Sentences, items and rows: where things told together stand."""
        return (*self.sentences, *(block.text for block in (*self.of("item"), *self.of("row"))))

    def section(self, heading: str) -> "Outline":
        """Return what is below a heading, up to the next one; nothing where there is no such heading."""
        places = [place for place, one in enumerate(self.blocks) if one.kind == "heading"]
        for place, after in pairwise((*places, len(self.blocks))):
            if same_title(self.blocks[place].text, heading):
                return Outline(self.blocks[place + 1 : after])
        return Outline()


def same_title(said: str, wanted: str) -> bool:
    """Tell whether two headings are one: case, a number before and a colon behind aside."""
    return _title(said) == _title(wanted)


def _title(text: str) -> str:
    return " ".join(_NUMBERED.sub("", text).strip(" :.").casefold().split())


def outline(text: str) -> Outline:
    """Return the outline of a text; lines that belong together are joined."""
    return Outline(tuple(_joined(_lines(plain(text)))))


def _lines(text: str) -> Iterator[Block | None]:
    """Yield a block for each line, None for an empty one or a rule."""
    for line in text.splitlines():
        yield None if not line.strip() or _RULE.match(line) else _block(line)


def _block(line: str) -> Block:
    if found := _HEADING.match(line):
        return Block("heading", _bare(found[1] or found[2]).strip("# "))
    if found := _ROW.match(line):
        return Block("row", _bare(found[1]))
    if found := _ITEM.match(line):
        return Block("item", _bare(found[1]))
    return Block("text", _bare(line))


def _bare(text: str) -> str:
    return _EMPHASIS.sub("", text).strip()


def _joined(lines: Iterator[Block | None]) -> Iterator[Block]:
    """Yield blocks, lines of text joined to the paragraph or item before them."""
    held: Block | None = None
    for line in lines:
        if line and held and line.kind == "text" and held.kind in ("text", "item"):
            held = Block(held.kind, f"{held.text}\n{line.text}")
            continue
        if held:
            yield held
        held = line
    if held:
        yield held
