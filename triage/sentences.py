"""Where the sentences of a text begin and end; each stands in the text as it is returned.

A line is a paragraph of its own, but for lines that were wrapped at a fixed width. Latin sentences end at a mark, white
space and a beginning; Chinese and Japanese ones at a full-width mark alone.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSING = r"[)\"'”’»\]）」』】》]*"
# A space that an excerpt lost between two sentences is taken for there where no name has such a mark in it.
_NO_SPACE = r"(?<=[a-z])(?:[!?]+(?=[A-Z][a-z]* )|\.(?=(?:But|If|In|It|Our|The|They|This|To|We|When) ))"
# The marks come first, so that other letters fail at once.
_BOUNDARY = re.compile(
    rf"(?=[.!?…।؟。！？｡])"
    rf"(?:[.!?…।؟]+{_CLOSING}\s+|[。！？｡]++{_CLOSING}+\s*|(?<=[{_CJK}])[!?]+(?=[{_CJK}])|{_NO_SPACE})(?=\S)"
)
_BEGINNING = re.compile(r"[\"'“‘«(\[（「『【*_]*(?P<word>\S+)")
_SPEECH_GOES_ON = re.compile(r"[」』”）][、，,\u3040-\u309f]")
_FULL_WIDTH = "。！？｡"
# After these a sentence goes on, whatever follows.
_GOES_ON = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|resp|approx|ca|viz|Figs?|Eqs?|Secs?|Tabs?|Thm|Refs?|Ch|Sect|pp|vol|Dr|Prof|Mr|Mrs|Ms|St|"
    r"Jan|Feb|Aug|Sept|Oct|Nov|Dec|w\.r\.t)\.|^(?:\d+|[a-zA-Z])\.)$"
)
# After these it goes on unless a word follows that begins sentences.
_MAY_END = re.compile(r"(?:\b(?:Nos?|et al|etc|Inc|Ltd|Co|Corp|Jr|Sr|a\.m|p\.m|[A-Z])|\b(?:[A-Za-z]\.)+[A-Za-z])\.$")
_BEGINNERS = frozenset(
    "A An And As At But By Each For From Here How However If In Instead It Its Many Moreover Most No On Our Results"
    " Since So Some Such That The Their Then There These They This Those Thus To Today Under Unlike Using We When Where"
    " While Why With You Your".split()
)
# None of what these look for is longer; to try each place of a sentence takes most of the time.
_LAST = 16
_NO_WRAP = re.compile(r"\s*(?:[-*+•‣▪|#>`~]|\d+[.)]\s|<!--)")
_LOOSE_END = re.compile(
    r"(?:,|\b(?:a|an|and|are|as|at|be|by|can|for|from|has|have|in|into|is|it|its|of|on|or|our|that|the|their|these|this|to|"
    r"using|was|we|were|which|with))$",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
_LEAST_WRAPPED, _WIDEST_WRAPPED, _ANY_WIDTH = 50, 120, 1_000_000
_LINE_ENDS = ".!?:;|。！？"
_MARKER = re.compile(r"(?:(?:[-*+•‣▪>]|#{1,6}|\d{1,2}[.)])\s+)+(?=\S)")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, each exactly as it stands there but for white space at its ends."""
    return tuple(sentence for paragraph in _paragraphs(text) for sentence in _sentences_of(paragraph))


def unmarked(sentence: str) -> str:
    """Return a sentence on one line, without the list, quotation or heading mark that stands before it."""
    sentence = " ".join(sentence.split())
    return _MARKER.sub("", sentence, count=1) if _MARKER.match(sentence) else sentence


def joined(chosen: Sequence[str]) -> str:
    """Return sentences as running text: no space follows a full-width mark."""
    text = ""
    for sentence in chosen:
        text += sentence if not text or text[-1] in _FULL_WIDTH else f" {sentence}"
    return text


def _paragraphs(text: str) -> list[str]:
    blocks = _BLANK_LINE.split(text)
    return [paragraph for block in blocks for paragraph in _unwrapped(block, is_alone=len(blocks) == 1)]


def _unwrapped(block: str, *, is_alone: bool) -> list[str]:
    """Return the paragraphs of a block; only where blank lines part them do lines of one width tell of wrapping."""
    lines = block.split("\n")
    longest = max(map(len, lines))
    width = _ANY_WIDTH if is_alone or longest > _WIDEST_WRAPPED else longest
    paragraphs = lines[:1]
    for line, following in pairwise(lines):
        if _goes_over(line.rstrip(), following.strip(), width):
            paragraphs[-1] += f"\n{following}"
        else:
            paragraphs.append(following)
    return paragraphs


def _goes_over(line: str, following: str, width: int) -> bool:
    """Tell whether a line was wrapped: long, not at its end, and what follows goes on or had no room in it."""
    if len(line) < _LEAST_WRAPPED or not following or line[-1] in _LINE_ENDS or _NO_WRAP.match(following):
        return False
    if following[0].islower() or _LOOSE_END.search(line):
        return True
    return not _NO_WRAP.match(line) and len(line) + len(following.split(maxsplit=1)[0]) >= width


def _sentences_of(paragraph: str) -> list[str]:
    found, start = [], 0
    for boundary in _BOUNDARY.finditer(paragraph):
        if _ends(paragraph[start : boundary.end()].strip(), paragraph[boundary.end() : boundary.end() + 40]):
            found.append(paragraph[start : boundary.end()].strip())
            start = boundary.end()
    found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends(sentence: str, rest: str) -> bool:
    """Tell whether a sentence ends where a mark stands, by what stands before it and what follows."""
    if any(mark in sentence[-3:] for mark in _FULL_WIDTH):
        return not _SPEECH_GOES_ON.match(sentence[-1] + rest[:1])
    beginning = _BEGINNING.match(rest)
    last = max(0, len(sentence) - _LAST)
    if beginning is None or not _begins(beginning["word"]) or _GOES_ON.search(sentence, last):
        return False
    return not _MAY_END.search(sentence, last) or beginning["word"].rstrip(",") in _BEGINNERS


def _begins(word: str) -> bool:
    """Tell whether a word can begin a sentence: a capital, a digit, a script without case, or a name such as eBPF."""
    return (not word[0].islower() and word[0].isalnum()) or re.match(r"[a-z]{1,3}[A-Z]", word) is not None
