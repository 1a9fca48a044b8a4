"""``graph``: the agent's graphs as Mermaid, drawn from the code that runs."""

import sys

from nightdesk.night import night_mermaid
from nightdesk.output import print_json
from triage.analyst import analyst_mermaid
from triage.graph import brief_mermaid

_GRAPHS = {"night": night_mermaid, "brief": brief_mermaid, "analyst": analyst_mermaid}


def graph(name: str, *, as_json: bool) -> None:
    """Print one of the graphs."""
    drawn = _GRAPHS[name]()
    if as_json:
        print_json({"graph": name, "mermaid": drawn})
    else:
        sys.stdout.write(drawn)
