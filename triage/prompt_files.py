"""The prompts, each a file of ``triage/prompts``, known by a hash of what it says."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.identity import text_hash

_VERSION_CHARS = 12


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text of a prompt and its version, which changes whenever a word of the text does."""

    text: str
    version: str


@cache
def prompt(name: str) -> Prompt:
    """Return the prompt of ``triage/prompts/NAME.md``."""
    return read_prompt(files("triage").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8"))


def read_prompt(written: str) -> Prompt:
    """Return a prompt as it is written; how its lines end, and white space at its ends, is not part of it."""
    text = "\n".join(line.rstrip() for line in written.splitlines()).strip()
    return Prompt(text, text_hash(text)[:_VERSION_CHARS])
