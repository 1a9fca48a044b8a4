"""``search`` without a query, in a terminal: the list that is searched while one types."""

from pathlib import Path

from kb.filters import Filter
from nightdesk.config import check_subject, find_config, load_config
from nightdesk.search_list.app import SearchList
from nightdesk.search_list.session import Session
from nightdesk.search_list.typed import as_typed
from nightdesk.wiring import Desk


def open_list(config: Path | None, wanted: Filter) -> None:
    """Open the list, with the command's options already typed.

    Raises ConfigError when no such subject is configured.
    """
    settings = load_config(find_config(config))
    check_subject(settings, wanted.subject)
    SearchList(Session(Desk(settings, "questions")), as_typed(wanted)).run()
