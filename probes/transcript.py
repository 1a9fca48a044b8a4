"""An attempt word by word, each piece with who or what it is from."""

from collections.abc import Iterator

from core.lm import Heard, Results, Told
from probes.attempt import Attempt, Turn


def transcript(attempt: Attempt) -> Iterator[tuple[str, str]]:
    """Yield what was told, thought, said and called, and what tools answered, in order."""
    for turn in attempt.turns:
        yield from _turn(turn)


def first_told(attempt: Attempt) -> str:
    """Return the prompt as it was told, or an empty text where none was."""
    return next((text for label, text in transcript(attempt) if label == "told"), "")


def _turn(turn: Turn) -> Iterator[tuple[str, str]]:
    for message in turn.told:
        match message:
            case Told(text):
                yield "told", text.strip()
            case Results(results):
                yield from (("error" if one.is_error else "result", one.content) for one in results)
            case Heard():
                pass
    heard = turn.heard
    if heard.thinking:
        yield "thought", heard.thinking.strip()
    if heard.text.strip():
        yield "said", heard.text.strip()
    yield from (("called", f"{call.name} {call.arguments}") for call in heard.tool_calls)
