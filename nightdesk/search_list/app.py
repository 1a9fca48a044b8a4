"""The list on the screen: type to search, arrows to move, enter to look closer.

Textual is imported in this package alone. Searching happens in a thread, one question at a time, and the last thing
typed wins; so keys never wait for it. What is shown is ``Text``, in which nothing is markup.
"""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from core.errors import NightdeskError
from digests.outside import plain, safe_link
from nightdesk.search_list.asked import Asked
from nightdesk.search_list.browser import open_link
from nightdesk.search_list.help_screen import HelpScreen
from nightdesk.search_list.hit_list import HitList
from nightdesk.search_list.item_screen import ItemScreen
from nightdesk.search_list.session import Page, Session
from nightdesk.search_list.wishes import Look, Open, Vote

_PAUSE = 0.12  # seconds without a key before what was typed is searched
_KEYS = "↓ into the list · enter look closer · o open · + - vote · / search · ? help · ctrl-c leave"
_NOTHING = "nothing found; fewer words or filters find more"


class SearchList(App[None]):
    """Searches while one types."""

    CSS = """
    #notes { color: $warning; padding: 0 1; height: auto; max-height: 4; }
    #keys { color: $text-muted; padding: 0 1; height: 1; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", priority=True),
        Binding("f1", "help"),
    ]

    def __init__(self, session: Session, typed: str = "") -> None:
        """Ask a session, beginning with what is already typed."""
        super().__init__()
        self._session = session
        self._typed = typed
        self._changed = asyncio.Event()
        self.page: Page | None = None

    def compose(self) -> ComposeResult:
        """Yield the line to type in, the notes, the hits and the line of keys."""
        self._asked, self._hits, self._notes = Asked(self._typed), HitList(), Static(id="notes", markup=False)
        yield from (self._asked, self._notes, self._hits, Static(_KEYS, id="keys", markup=False))

    def on_mount(self) -> None:
        """Show the newest at once, and what is typed from then on."""
        self._changed.set()
        self.run_worker(self._search())

    @on(Input.Changed)
    def _ask_again(self) -> None:
        self._changed.set()

    async def _search(self) -> None:
        """Answer what was typed last, for as long as the list is open."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await asyncio.sleep(_PAUSE)
            if not self._changed.is_set():
                self._show(await asyncio.to_thread(self._session.find, self._asked.value))

    def _show(self, page: Page) -> None:
        self.page = page
        notes = page.notes or ((_NOTHING,) if not page.hits else ())
        self._notes.update(Text("\n".join(map(plain, notes))))
        self._hits.show(page.hits)

    @on(Asked.Entered)
    def _enter_list(self) -> None:
        self._hits.focus()

    @on(HitList.Left)
    def _leave_list(self) -> None:
        self._asked.focus()

    def action_help(self) -> None:
        """Show what can be typed and pressed."""
        self.push_screen(HelpScreen())

    @on(Look)
    def _look(self, wish: Look) -> None:
        self.push_screen(ItemScreen(wish.hit))

    @on(Vote)
    async def _vote(self, wish: Vote) -> None:
        self.run_worker(self._keep(wish))

    async def _keep(self, wish: Vote) -> None:
        try:
            hit, told = await asyncio.to_thread(self._session.vote, wish.hit, wish.word)
        except NightdeskError as error:
            self.notify(plain(str(error)), severity="error", markup=False)
            return
        self.notify(plain(told), markup=False)
        self._hits.renew(hit)
        for screen in self.screen_stack:
            if isinstance(screen, ItemScreen):
                screen.renew(hit)

    @on(Open)
    def _open(self, wish: Open) -> None:
        address = safe_link(wish.hit.item.url)
        if address is None:
            self.notify("it has no address that could be opened", severity="error", markup=False)
            return
        open_link(address)
        self.notify(f"opening {address}", markup=False)
