"""Parsing in a process of its own, which is stopped when it takes too long or too much.

Parsers of PDF and HTML can be kept busy for hours, or made to crash, by a document of a few megabytes: within this
process no time limit would hold. What was written before the time was up is kept.
"""

import subprocess
import sys
from typing import Literal

from core.errors import Unreadable
from feeds.answer import Document
from feeds.full_text.cutting import cut, marked

Form = Literal["paper", "pdf", "article", "markdown"]
MAX_SECONDS = 60.0
UNREADABLE = 3
"""The exit code of a parser that says on stderr, in one line, why it cannot read."""


def parsed(form: Form, document: Document, seconds: float = MAX_SECONDS) -> str:
    """Return the plain text of a document, cut where it is too long or takes longer than ``seconds``.

    Raises Unreadable when it is no such document or its parser fails.
    """
    # -P: a folder that happens to be the present one holds no modules of ours.
    command = [sys.executable, "-P", "-m", "feeds.full_text.parser", form, document.content_type]
    try:
        done = subprocess.run(command, input=document.body, capture_output=True, timeout=seconds, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as stopped:
        return _rest_given_up(stopped.stdout or b"", seconds)
    if done.returncode:
        raise Unreadable(_reason(done, form))
    return cut(done.stdout.decode("utf-8").strip())


def _rest_given_up(written: bytes, seconds: float) -> str:
    text = written.decode("utf-8", "ignore").strip()
    if not text:
        raise Unreadable(f"it takes longer than {seconds:.0f} s to read")
    return marked(cut(text), "the rest takes too long to read")


def _reason(done: "subprocess.CompletedProcess[bytes]", form: Form) -> str:
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    last = told[-1][:300] if told else f"it ended with {done.returncode}"
    return last if done.returncode == UNREADABLE else f"the parser of {form} failed on it: {last}"
