"""The graphs of the documentation are those of the code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nightdesk.night import night_mermaid
from triage.analyst import analyst_mermaid
from triage.graph import brief_mermaid

DOCS = Path(__file__).parents[2] / "docs" / "graphs.md"
GRAPHS = (night_mermaid, brief_mermaid, analyst_mermaid)


@pytest.mark.parametrize(("place", "drawn"), list(enumerate(GRAPHS)))
def test_documentation_shows_the_graph_as_it_runs(place: int, drawn: Callable[[], str]) -> None:
    shown = DOCS.read_text("utf-8").split("```mermaid\n")[place + 1].split("```", 1)[0]
    assert edges(shown) == edges(drawn())
    assert len(edges(shown)) >= 3


def edges(mermaid: str) -> set[str]:
    """Return the lines that lead from one node to another; the rest is how a version of the library draws."""
    return {line.strip() for line in mermaid.splitlines() if "->" in line}
