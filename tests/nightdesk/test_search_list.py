"""The list that is searched while one types, with real keys, over the sample team's base."""

import asyncio
import stat
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from core.types import Vote
from kb.filters import ANYTHING, Filter
from kb.votes import all_votes
from nightdesk.config import load_config
from nightdesk.search_list.app import SearchList
from nightdesk.search_list.help_screen import HelpScreen
from nightdesk.search_list.hit_list import HitList
from nightdesk.search_list.item_screen import ItemScreen
from nightdesk.search_list.session import Page, Session
from nightdesk.search_list.typed import Typed
from nightdesk.wiring import Desk
from tests.kb.shelf import made, remember
from tests.nightdesk.conftest import Cli, copied_team
from tests.nightdesk.test_bad_use import one_line

Play = Callable[[Pilot[None], SearchList], Awaitable[None]]


@pytest.fixture
def desk(lived: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk of a copy of the sample team's folder, to be written to."""
    config = copied_team(lived, tmp_path / "team")
    opened = Desk(load_config(config))
    yield opened
    opened.store.close()


def played(desk: Desk, play: Play, typed: str = "") -> SearchList:
    """Open the list in a terminal of Textual's own, and press keys."""
    app = SearchList(Session(desk), typed)

    async def run() -> None:
        async with app.run_test(size=(100, 40)) as pilot:
            await until(pilot, lambda: app.page is not None)
            await play(pilot, app)

    asyncio.run(run())
    return app


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for a condition; pytest's own timeout ends what never comes."""
    while not holds():
        await pilot.pause(0.02)


async def ask(pilot: Pilot[None], app: SearchList, words: str) -> Page:
    """Type words, and wait for their page."""
    await pilot.press(*words)
    await until(pilot, lambda: app.page is not None and app.page.typed.query == " ".join(words.split()))
    assert app.page
    return app.page


def votes(desk: Desk) -> list[Vote]:
    with desk.store.reading() as connection:
        return list(all_votes(connection))


def shown_by(app: SearchList) -> str:
    """Return all text on the screen in front."""
    told = [str(one.render()) for one in app.screen.query(Static)]
    rows = [str(option.prompt) for hits in app.screen.query(HitList) for option in hits.options]
    return "\n".join([*told, *rows])


def test_newest_are_shown_before_anything_is_typed(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        assert app.page
        assert len(app.page.hits) == 50

    remember(desk.store, made("late", "Told just now"))
    app = played(desk, play)
    assert app.page
    assert app.page.hits[0].item.title == "Told just now"


def test_what_is_typed_is_found_as_the_command_finds_it(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        page = await ask(pilot, app, "reward hacking")
        assert "Reward" in shown_by(app)
        wanted = Session(desk).find("reward hacking")
        assert [hit.item.id for hit in page.hits] == [hit.item.id for hit in wanted.hits]

    played(desk, play)


def test_only_the_last_of_quick_keys_is_answered(desk: Desk) -> None:
    asked: list[str] = []

    class Noting(Session):
        def find(self, typed: str) -> Page:
            asked.append(typed)
            return super().find(typed)

    app = SearchList(Noting(desk))

    async def run() -> None:
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.page is not None)
            await ask(pilot, app, "entropy floors")

    asyncio.run(run())
    assert asked[0] == ""
    assert asked[-1] == "entropy floors"
    assert len(asked) < len("entropy floors")


def test_enter_shows_the_item_and_escape_the_list_again(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        page = await ask(pilot, app, "reward hacking")
        await pilot.press("down", "down", "enter")
        assert isinstance(app.screen, ItemScreen)
        hit = page.hits[1]
        assert app.screen.hit.item.id == hit.item.id
        told = " ".join(shown_by(app).split())
        for part in (
            hit.item.url,
            hit.item.text[:80],
            "told by",
            "why it was found",
            hit.history.decisions[0][1].reason,
        ):
            assert " ".join(part.split()) in told
        await pilot.press("escape")
        assert not isinstance(app.screen, ItemScreen)

    played(desk, play)


@pytest.mark.parametrize(("key", "opinion", "sign"), [("+", "useful", "▲"), ("-", "not_useful", "▼")])
def test_votes_are_kept_and_shown(desk: Desk, key: str, opinion: str, sign: str) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        page = await ask(pilot, app, "reward hacking")
        await pilot.press("down", key)
        await until(pilot, lambda: sign in shown_by(app))
        assert {(vote.item_id, vote.opinion) for vote in votes(desk)} == {(page.hits[0].item.id, opinion)}
        await pilot.press("enter")
        assert opinion.replace("_", " ") + " for" in shown_by(app)

    played(desk, play)


def test_vote_on_an_open_item_is_shown_there(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await ask(pilot, app, "reward hacking")
        await pilot.press("enter", "enter", "+")
        await until(pilot, lambda: "useful for" in shown_by(app))
        await pilot.press("q")
        assert "▲" in shown_by(app)

    played(desk, play)
    assert votes(desk)


def test_vote_on_what_is_of_no_subject_is_refused_in_words(desk: Desk) -> None:
    remember(desk.store, made("owls", "Barn owls of no subject"))

    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await pilot.press("down", "+")
        await until(pilot, lambda: bool(app._notifications))
        assert "is of no subject" in next(iter(app._notifications)).message

    played(desk, play)
    assert votes(desk) == []


@pytest.mark.parametrize(
    ("address", "opened"),
    [("https://owls.example/a?b=1", "https://owls.example/a?b=1"), ("javascript:alert(1)", None), ("file:///x", None)],
)
def test_o_opens_http_and_nothing_else(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, opened: str | None
) -> None:
    browser, noted = tmp_path / "browser", tmp_path / "noted"
    browser.write_text(f'#!/bin/sh\necho "$1" > {noted}.part && mv {noted}.part {noted}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(browser))
    item = made("owls", "Barn owls")
    remember(desk.store, type(item)(item.id, item.kind, item.title, address, item.text))

    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await pilot.press("down", "o")
        await until(pilot, lambda: noted.exists() if opened else bool(app._notifications))

    played(desk, play)
    assert (noted.read_text().strip() if noted.exists() else None) == opened


def test_outside_text_is_neither_markup_nor_an_escape(desk: Desk) -> None:
    remember(
        desk.store, made("x", "[bold]Zorkblat\x1b[31m [link=x]", "A zorkblat\x07 is [red]text[/red] [@click=app.quit].")
    )

    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await ask(pilot, app, "zorkblat")
        assert "[bold]Zorkblat[31m [link=x]" in shown_by(app)
        await pilot.press("enter", "enter")
        told = shown_by(app)
        assert "A zorkblat is [red]text[/red] [@click=app.quit]." in told
        assert not {"\x1b", "\x07"} & set(told)

    played(desk, play)


def test_filters_are_typed(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await pilot.press(*"kind:release harbor")
        await until(pilot, lambda: bool(app.page and app.page.typed == Typed("harbor", Filter(kind="release"))))
        assert app.page
        assert {hit.item.kind for hit in app.page.hits} == {"release"}

    played(desk, play)


def test_filter_alone_shows_the_newest_of_it_and_a_wrong_one_is_told(desk: Desk) -> None:
    session = Session(desk)
    page = session.find("kind:paper -reward")
    assert {hit.item.kind for hit in page.hits} == {"paper"}
    assert not [hit for hit in page.hits if "reward" in hit.item.title.lower()]
    wrong = session.find("kind:pap subject:owls since:soon reward")
    assert wrong.hits
    assert wrong.typed.wanted == ANYTHING
    assert [problem.split(":")[0] for problem in wrong.notes] == ["kind", "subject", "since"]


def test_question_mark_helps_and_ctrl_c_leaves(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await pilot.press("?")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "down", "?")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "slash", "w", "?")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("ctrl+c")

    app = played(desk, play)
    assert app.return_code == 0


def test_arrows_lead_in_and_out_and_q_leaves(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        await pilot.press("down", "down", "up", "up", "q")
        await until(pilot, lambda: bool(app.page and app.page.typed.query == "q"))
        await pilot.press("down", "q")

    assert played(desk, play).return_code == 0


def test_options_are_typed_already(desk: Desk) -> None:
    async def play(pilot: Pilot[None], app: SearchList) -> None:
        assert app.page
        assert app.page.typed.wanted == Filter(kind="paper", source="arXiv cs.LG")

    played(desk, play, 'kind:paper source:"arXiv cs.LG" ')


def test_without_a_terminal_the_error_is_clear(cli: Cli, lived: Path) -> None:
    shown = cli("search", "--config", lived)
    assert (shown.code, shown.out) == (2, "")
    assert "say in words what to look for" in one_line(shown.err)
