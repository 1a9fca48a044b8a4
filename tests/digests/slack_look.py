"""Slack messages drawn as a page that looks like Slack, to be seen without one.

``nightdesk digest --format slack-json | python -m tests.digests.slack_look > look.html``
"""

import json
import sys
from collections.abc import Sequence
from html import escape
from typing import Any

STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, "Noto Sans", "DejaVu Sans", sans-serif; }
main { display: flex; align-items: flex-start; width: 1360px; }
section { width: 660px; padding: 12px 20px; box-sizing: border-box; }
section + section { border-left: 1px solid #ddd; }
h1 { font-size: 16px; margin: 0 0 10px; padding-bottom: 10px; border-bottom: 1px solid #ddd; }
h1 small { color: #616061; font-weight: 400; margin-left: 6px; }
article { display: grid; grid-template-columns: 36px 1fr; gap: 0 8px; padding: 6px 0; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #27324f; color: #f4d58d; text-align: center;
  font: 22px/34px serif; }
.name b { font-weight: 900; }
.name i { font: 10px sans-serif; background: #e8e8e8; padding: 1px 3px; border-radius: 2px;
  color: #616061; margin: 0 6px 0 4px; } .name time { font-size: 12px; color: #616061; }
.header { font-size: 18px; font-weight: 900; margin: 6px 0; }
.rich { margin: 4px 0; }
.rich p { margin: 0; white-space: pre-wrap; } .rich ul, .rich ol { margin: 0; padding-left: 24px; }
.rich blockquote { margin: 2px 0; border-left: 4px solid #ddd; padding-left: 10px; white-space: pre-wrap; }
.rich a { color: #1264a3; text-decoration: none; }
.context { font-size: 13px; color: #616061; margin: 4px 0; } .context span + span { margin-left: 8px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
.actions button { font: 700 13px Lato, "Noto Sans", sans-serif; border: 1px solid #bbb; border-radius: 4px;
  background: #fff; height: 28px; padding: 0 10px; color: #1d1c1d; }
.more { color: #1264a3; font-size: 13px; font-weight: 700; margin-left: 44px; }
"""


def page(messages: Sequence[dict[str, Any]], channel: str) -> str:
    """Return a channel with the head beside its thread; every message is ``{"blocks": […]}``."""
    head, *replies = [_message(message["blocks"], place) for place, message in enumerate(messages)]
    thread = f"<section><h1>Thread <small>{escape(channel)}</small></h1>{''.join(replies)}</section>" if replies else ""
    more = f'<p class="more">{len(replies)} replies</p>' if replies else ""
    channel_side = f"<section><h1>{escape(channel)}</h1>{head}{more}</section>"
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{channel_side}{thread}</main>'


def _message(blocks: Sequence[dict[str, Any]], place: int) -> str:
    """Return a message; Slack names who wrote it where somebody else wrote the one above."""
    name = '<div class="name"><b>nightdesk</b><i>APP</i><time>07:30</time></div>' if place < 2 else ""
    face = '<div class="face">☾</div>' if place < 2 else "<div></div>"
    return f"<article>{face}<div>{name}{''.join(map(_block, blocks))}</div></article>"


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f'<div class="header" dir="auto">{escape(block["text"]["text"])}</div>'
        case "context":
            shown = "".join(f"<span>{escape(each['text'])}</span> " for each in block["elements"])
            return f'<div class="context">{shown}</div>'
        case "actions":
            shown = "".join(f"<button>{escape(_label(each))}</button>" for each in block["elements"])
            return f'<div class="actions">{shown}</div>'
        case "rich_text":
            return f'<div class="rich">{"".join(map(_part, block["elements"]))}</div>'
    raise ValueError(block["type"])


def _label(element: dict[str, Any]) -> str:
    return str(element["text"]["text"]) if element["type"] == "button" else "•••"


def _part(part: dict[str, Any]) -> str:
    match part["type"]:
        case "rich_text_list":
            tag = "ol" if part["style"] == "ordered" else "ul"
            return f"<{tag}>{''.join(f'<li>{_part(each)}</li>' for each in part['elements'])}</{tag}>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(map(_run, part['elements']))}</blockquote>"
    return f"<p>{''.join(map(_run, part['elements']))}</p>"


def _run(run: dict[str, Any]) -> str:
    if run["type"] == "emoji":
        return {"warning": "⚠️"}[run["name"]]
    shown = escape(run["text"])
    for style, tag in (("bold", "b"), ("italic", "i")):
        shown = f"<{tag}>{shown}</{tag}>" if style in run.get("style", {}) else shown
    return f'<a href="{escape(run["url"])}">{shown}</a>' if run["type"] == "link" else shown


if __name__ == "__main__":
    print(page(json.load(sys.stdin), sys.argv[1] if len(sys.argv) > 1 else "# research"))  # noqa: T201
