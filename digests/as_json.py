"""The digest as JSON, for programs: the fields of ``core.digest.Digest`` by name, text cleaned as in every form."""

import json
from dataclasses import fields
from datetime import date

from core.digest import Digest, DigestEntry, DigestSection, DroppedItem, ItemCounts, Trend, TrendItem
from core.judged import Analysis
from core.sources import PollRow
from core.types import BriefPoint
from digests.outside import plain, safe_link

_Part = (
    Digest
    | DigestSection
    | DigestEntry
    | BriefPoint
    | Analysis
    | DroppedItem
    | PollRow
    | ItemCounts
    | Trend
    | TrendItem
)


def to_json(digest: Digest) -> dict[str, object]:
    """Return the digest ready for ``json.dumps``: dates in ISO 8601, a ``url`` that is not http(s) as None."""
    return _object(digest)


def to_json_text(digest: Digest) -> str:
    """Return ``to_json`` as one indented document, safe to show in a terminal."""
    return json.dumps(to_json(digest), ensure_ascii=False, indent=2) + "\n"


def _object(part: _Part) -> dict[str, object]:
    pairs = {field.name: getattr(part, field.name) for field in fields(part)}
    ready = {name: safe_link(value) if name == "url" else _ready(value) for name, value in pairs.items()}
    if isinstance(part, DigestEntry):
        ready["facts"] = [{"label": plain(label), "value": plain(value)} for label, value in part.facts]
        ready["told_by"] = [{"source": plain(source), "url": safe_link(url)} for source, url in part.told_by]
    if isinstance(part, Trend):
        ready["series"] = [{"night": night.isoformat(), "count": count} for night, count in part.series]
    return ready


def _ready(value: object) -> object:
    match value:
        case str():
            return plain(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_ready(each) for each in value]
        case _ if isinstance(value, _Part):
            return _object(value)
    return value
