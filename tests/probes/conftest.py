from collections.abc import Callable
from pathlib import Path

import pytest

PLAIN = """
id = "{id}"
family = "sums"
domain = "logic"
prompt = "What is {{first}} plus 4? End with a line of the form\\nAnswer: the number"
{more}
[choices]
first = [3, 30, 300, 3000]
[scorer]
name = "exact"
[expected]
answer = "{{first}}"
[reference]
answer = "Answer: {{first}}"
[wrong]
answer = "Answer: none"
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a question file of a team's own stack; ``more`` are keys, ``change`` replaces one text by another."""

    def to(name: str = "a-sum", more: str = "", change: tuple[str, str] = ("", "")) -> Path:
        path = tmp_path / "ours" / "logic" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAIN.format(id=name, more=more).replace(*change), "utf-8")
        return path

    return to
