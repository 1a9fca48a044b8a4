"""An item as a note of its own, in Markdown with a head that note-taking tools read."""

import json
from collections.abc import Sequence

from core.types import Item
from digests.markdown import escape, link
from digests.outside import plain, plain_title


def to_note(item: Item, subjects: Sequence[str], reason: str) -> str:
    """Return one item as Markdown; ``reason`` says what became of it."""
    head = {
        "id": item.id,
        "title": plain_title(item.title),
        "kind": item.kind,
        "url": item.url,
        "published": item.published.date().isoformat() if item.published else None,
        "authors": list(map(plain, item.authors)),
        "subjects": list(subjects),
    }
    # JSON is YAML, and leaves nothing of a title to be read as markup.
    front = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    facts = "\n".join(f"- {escape(label)}: {escape(value)}" for label, value in item.facts)
    paragraphs = (escape(line) for line in item.text.split("\n") if line.strip())
    parts = (f"# {link(plain_title(item.title), item.url)}", escape(reason), facts, *paragraphs)
    return f"---\n{front}\n---\n\n" + "\n\n".join(part for part in parts if part) + "\n"


def to_index(notes: Sequence[tuple[Item, str]]) -> str:
    """Return the list of all notes; each comes with the name of its file."""
    lines = [f"- [{escape(plain_title(item.title))}]({name})" for item, name in notes]
    return "# Knowledge base\n\n" + "\n".join(lines) + "\n"
