"""The text of a feed before it is parsed: in one encoding, without traps, cut to what a night can read.

feedparser spends half a millisecond an entry, hands entity declarations on to expat, and looks for a DOCTYPE in ways
that take the square of a hostile document's length. What it is given has been through here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise

from core.errors import Unreadable
from core.sources import Cadence

MAX_ENTRIES = 5_000
MAX_SIZE = 32 * 1024 * 1024
_MAX_TAGS = 100_000
_MAX_PREFIXES = 100
_MAX_PROLOG = 64 * 1024
_MAX_GROWTH = 1024 * 1024

# What is never closed goes on to the end: else every beginning would be searched to the end for its close.
_COMMENT, _INSTRUCTION, _QUOTED = r"<!--.*?(?:-->|\Z)", r"<\?.*?(?:\?>|\Z)", r""""[^"]*"|'[^']*'"""
_SUBSET = rf"""\[(?:{_COMMENT}|{_INSTRUCTION}|{_QUOTED}|[^\]"'])*+\]"""
_DOCTYPE = rf"""<!DOCTYPE(?:[^\[>"']|{_QUOTED})*+(?:{_SUBSET}\s*)?>"""
_PROLOG = re.compile(rf"(?:<\?.*?\?>|<!--.*?-->|{_DOCTYPE}|[^<])*+", re.DOTALL | re.IGNORECASE)
_DECLARATIONS = re.compile(rf"{_INSTRUCTION}|{_COMMENT}|{_DOCTYPE}", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"""<!ENTITY\s+(\w+)\s+(?:"([^"]*)"|'([^']*)')\s*>""", re.IGNORECASE)
_REFERENCE = re.compile(r"&(\w{1,60});")
_PLAIN_VALUE = re.compile(r"(?:[^&%<\"]|&#\w{1,8};)*")
# XML 1.0, 2.2: what no document may hold, written out or as a reference; one of them would cost all entries.
_NO_CHARACTER = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bcBCefEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}));"
    r"|&#(?:0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])|\d{8,}|[xX][0-9a-fA-F]{7,});"
)
_COMMENTS = re.compile(_COMMENT, re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|$)", re.DOTALL)
_STARTS = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ENDS = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_PREFIXES = re.compile(r"\sxmlns:([\w.-]{1,60})\s*=")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 7 * 24, "monthly": 30 * 24, "yearly": 365 * 24}


@dataclass(frozen=True, slots=True)
class FeedText:
    """A feed's text as it is parsed, when it wants to be asked, and what of it was left out."""

    text: str
    cadence: Cadence
    problems: tuple[str, ...]


def prepare(text: str) -> FeedText:
    """Return the text of an XML feed, safe to be parsed.

    Raises Unreadable when there is no safe way to parse it.
    """
    text, left_out = _without_traps(_NO_CHARACTER.sub("\ufffd", text))
    starts = [match.start() for match in _STARTS.finditer(text)]
    end = _last_end(text, starts)
    cadence = _cadence(text[: starts[0]] + text[end:] if starts else text)
    text, cut = _cut(text, starts, end)
    _refuse_masses(text)
    return FeedText(text, cadence, left_out + cut)


def _without_traps(text: str) -> tuple[str, tuple[str, ...]]:
    prolog_match = _PROLOG.match(text.lstrip())
    assert prolog_match is not None  # noqa: S101 - the pattern matches the empty text
    prolog, rest = prolog_match[0], text.lstrip()[prolog_match.end() :]
    declared = "".join(match[0] for match in _DECLARATIONS.finditer(prolog) if match[0][:3].upper() == "<!D")
    prolog = _DECLARATIONS.sub(lambda match: match[0] if match[0].startswith("<?") else "", prolog)
    prolog = re.sub(r"\s+", " ", prolog).strip()
    strays = re.search(r"<\w", rest)
    if len(prolog) + (strays.start() if strays else 0) > _MAX_PROLOG:
        raise Unreadable(f"not a feed: more than {_MAX_PROLOG // 1024} KB stand before its first element")
    entities, problems = _harmless(declared, rest)
    return f"{prolog}\n{entities}{rest}", problems


def _harmless(doctype: str, rest: str) -> tuple[str, tuple[str, ...]]:
    """Return the entity declarations that stand for a few characters, and what is to be said of the others."""
    values = {match[1]: match[2] or match[3] or "" for match in _ENTITY.finditer(doctype)}
    plain = {name: value for name, value in values.items() if _PLAIN_VALUE.fullmatch(value)}
    growth = sum(len(plain.get(match[1], "")) for match in _REFERENCE.finditer(rest)) if plain else 0
    kept = plain if growth <= _MAX_GROWTH else {}
    left_out = len(re.findall(r"<!ENTITY\s", doctype, re.IGNORECASE)) - len(kept)
    problems = (f"{left_out} entity declarations were left out",) if left_out else ()
    declarations = "\n".join(f'<!ENTITY {name} "{value}">' for name, value in kept.items())
    return (f"<!DOCTYPE feed [\n{declarations}\n]>\n" if kept else ""), problems


def _last_end(text: str, starts: list[int]) -> int:
    """Return where what follows the last entry begins: the end of the text when that entry is never closed."""
    end = max((match.end() for match in _ENDS.finditer(text)), default=len(text))
    return len(text) if starts and starts[-1] > end else end


def _cut(text: str, starts: list[int], end: int) -> tuple[str, tuple[str, ...]]:
    """Cut after the entries that are read; what follows all entries stays, so that well-formed remains well-formed."""
    most = _affordable(text, starts)
    if len(starts) <= most:
        return text, ()
    rest = text[max(end, starts[most]) :]
    return text[: starts[most]] + rest, (only_first(len(starts), most),)


def _affordable(text: str, starts: list[int]) -> int:
    """Return how many entries are read: those whose tags feedparser reads in a few seconds, but one at least."""
    if text.count("<") <= _MAX_TAGS:
        return MAX_ENTRIES
    tags = accumulate(_CDATA.sub("", text[start:end]).count("<") for start, end in pairwise(starts))
    return min(MAX_ENTRIES, 1 + sum(count < _MAX_TAGS // 2 for count in tags))


def only_first(found: int, read: int = MAX_ENTRIES) -> str:
    """Return the problem of a document with more entries than are read."""
    return f"only the first {read:,} of {found:,} entries were read"


def _refuse_masses(text: str) -> None:
    """Refuse what would take minutes: feedparser's time grows with tags, and with tags times namespaces."""
    if text.count("<") > _MAX_TAGS and _CDATA.sub("", text).count("<") > _MAX_TAGS:
        raise Unreadable(f"one entry holds more than {_MAX_TAGS:,} tags")
    if len({match[1] for match in _PREFIXES.finditer(text)}) > _MAX_PREFIXES:
        raise Unreadable(f"it declares more than {_MAX_PREFIXES} namespaces")


def _cadence(outside: str) -> Cadence:
    """Return what a channel says of itself outside its entries (RSS 2.0, and RSS 1.0's module Syndication)."""
    outside = _COMMENTS.sub("", outside[:_MAX_PROLOG])
    hours = frozenset(int(hour) % 24 for hour in _listed(outside, "skipHours", "hour") if _is_hour(hour))
    days = frozenset(_DAYS.index(day.lower()) for day in _listed(outside, "skipDays", "day") if day.lower() in _DAYS)
    ttl = _first(outside, "ttl")
    minutes = int(ttl) if re.fullmatch(r"[0-9]{1,8}", ttl) else 0
    return Cadence(timedelta(minutes=minutes) or _update_period(outside), hours, days)


def _is_hour(text: str) -> bool:
    """Tell whether this is an hour; RSS 0.91 counts them from 1 to 24."""
    return bool(re.fullmatch(r"[0-9]{1,2}", text)) and int(text) <= 24


def _update_period(outside: str) -> timedelta:
    period, times = _first(outside, "sy:updatePeriod").lower(), _first(outside, "sy:updateFrequency")
    if period not in _PERIODS:
        return timedelta(0)
    often = int(times) if re.fullmatch(r"[0-9]{1,4}", times) else 1
    return timedelta(hours=_PERIODS[period]) / max(often, 1)


def _first(text: str, name: str) -> str:
    return next(_texts(text, name), "")


def _listed(text: str, name: str, inner: str) -> Iterator[str]:
    return _texts(_first(text, name), inner)


def _texts(text: str, name: str) -> Iterator[str]:
    pattern = rf"<{name}(?:\s[^<>]{{0,200}})?>(.{{0,2000}}?)</{name}\s*>"
    return (match[1].strip() for match in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL))
