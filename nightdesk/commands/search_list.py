"""``search`` without a query, in a terminal: the list that is searched while one types."""

from pathlib import Path

from kb.filters import Filter
from nightdesk.commands.searching import desk_with
from nightdesk.search_list.app import SearchList
from nightdesk.search_list.session import Session
from nightdesk.search_list.typed import as_typed


def open_list(config: Path | None, wanted: Filter) -> None:
    """Open the list, with the command's options already typed.

    Raises ConfigError when no such subject is configured.
    """
    SearchList(Session(desk_with(config, wanted.subject)), as_typed(wanted)).run()
