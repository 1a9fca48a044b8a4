from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest

from core.errors import SourceError
from core.sources import Reading
from core.types import Item
from feeds.answer import Fetch
from feeds.arxiv_api import ArxivApi, filled
from feeds.sources.arxiv import missed, read
from tests.feeds.desk import FRIDAY, document, night_of
from tests.feeds.samples import ARXIV, spec_of
from tests.servers.arxiv_api import Paper, serves
from tests.servers.web import Asked, Scripted, Web

API = "//export.arxiv.org/api/query"
ENTRY = ARXIV[ARXIV.index("<item>") : ARXIV.index("</channel>")]
EMPTY = ARXIV.replace(ENTRY, "")


def reading_of(body: str, *, replacements: bool = False, day: date = FRIDAY.date) -> Reading:
    return read(document(body), spec_of("arxiv", replacements=replacements), night_of(day))


@pytest.fixture
def api(fetch_any: Fetch) -> ArxivApi:
    return ArxivApi(fetch_any)


def queries(web: Web) -> Iterator[str]:
    return (asked.query.get("search_query", asked.query.get("id_list", "")) for asked in web.asked)


def test_paper_of_the_announcement() -> None:
    midnight = datetime(2031, 3, 14, 4, tzinfo=UTC)
    assert reading_of(ARXIV).items == (
        Item(
            id="arxiv:3103.00017",
            kind="paper",
            title="Lanterns in 𝒪(n)",
            url="https://arxiv.org/abs/3103.00017",
            text="We light 12% of n lamps, for n<k.",
            authors=("Mirela Quandt", "Osric Vell"),
            published=midnight,
            announced=midnight,
            version=1,
            categories=("cs.CL", "cs.AI"),
        ),
    )


@pytest.mark.parametrize("announced", ["new", "cross", "replace", "replace-cross"])
def test_announce_type_is_kept(announced: str) -> None:
    body = ARXIV.replace(">new<", f">{announced}<")
    assert [paper.announce_type for paper in reading_of(body, replacements=True).items] == [announced]


@pytest.mark.parametrize(("announced", "papers"), [("new", 1), ("cross", 1), ("replace", 0), ("replace-cross", 0)])
def test_replacements_are_left_out_unless_asked_for(announced: str, papers: int) -> None:
    assert len(reading_of(ARXIV.replace(">new<", f">{announced}<")).items) == papers


def test_version_is_kept_apart_from_the_id() -> None:
    (paper,) = reading_of(ARXIV.replace("3103.00017v1", "3103.00017v12")).items
    assert (paper.id, paper.version) == ("arxiv:3103.00017", 12)


@pytest.mark.parametrize("day", [date(2031, 3, 15), date(2031, 3, 16)])
def test_empty_on_a_weekend_is_by_schedule(day: date) -> None:
    assert reading_of(EMPTY, day=day) == Reading((), empty_why=f"arXiv announces nothing on a {day:%A}")


def test_empty_on_a_weekday_is_a_holiday_or_late() -> None:
    assert "holiday" in (reading_of(EMPTY).empty_why or "")


def test_only_unwanted_replacements_is_not_empty_by_schedule() -> None:
    assert reading_of(ARXIV.replace(">new<", ">replace<")) == Reading(())


def test_entry_without_identifier_is_named_and_costs_only_itself() -> None:
    bad = ENTRY.replace("oai:arXiv.org:3103.00017v1", "lamp").replace("Lanterns", "Wicks")
    reading = reading_of(ARXIV.replace(ENTRY, bad + ENTRY))
    assert [paper.id for paper in reading.items] == ["arxiv:3103.00017"]
    assert len(reading.problems) == 1
    assert "no arXiv identifier: Wicks" in reading.problems[0]


def test_entry_without_guid_is_known_by_its_link() -> None:
    guid = '<guid isPermaLink="false">oai:arXiv.org:3103.00017v1</guid>'
    assert [paper.id for paper in reading_of(ARXIV.replace(guid, "")).items] == ["arxiv:3103.00017"]


# March 2031: Monday the 10th, Friday the 14th, Monday the 17th.
NO_GAP = {
    "same day": (14, 14),
    "next day": (13, 14),
    "weekend": (14, 17),
    "Saturday": (14, 15),
    "from Sunday": (16, 17),
}


@pytest.mark.parametrize("name", NO_GAP)
def test_no_missing_day_asks_nothing(web: Web, api: ArxivApi, name: str) -> None:
    last, tonight = NO_GAP[name]
    gap = missed(spec_of("arxiv"), date(2031, 3, last), night_of(date(2031, 3, tonight)), api)
    assert gap == Reading(())
    assert web.asked == []


def test_missed_tuesday_is_asked_of_the_api(web: Web, api: ArxivApi) -> None:
    told = [Paper("3103.00005", "2031-03-07"), Paper("3103.00006", "2031-03-11"), Paper("3103.00007", "2031-03-12")]
    web.answers[API] = serves(
        [*told, Paper("3103.00008", "2031-03-11", category="cs.CV"), Paper("3102.00001", "2031-03-06")]
    )
    gap = missed(spec_of("arxiv"), date(2031, 3, 10), night_of(date(2031, 3, 12)), api)
    assert [paper.id for paper in gap.items] == ["arxiv:3103.00005", "arxiv:3103.00006"]
    assert set(queries(web)) == {"cat:cs.CL AND submittedDate:[203103070000 TO 203103112359]"}


def test_missed_monday_behind_a_weekend_is_asked(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([Paper("3103.00009", "2031-03-14")])
    gap = missed(spec_of("arxiv"), date(2031, 3, 14), night_of(date(2031, 3, 18)), api)
    assert [paper.id for paper in gap.items] == ["arxiv:3103.00009"]


def test_empty_answer_of_the_api_is_checked_twice(web: Web, api: ArxivApi) -> None:
    told = iter((serves([]), serves([Paper("3103.00017", "2031-03-11")])))
    web.answers[API] = lambda asked: next(told)(asked)  # noqa: PLW0108 - another endpoint each time
    assert len(api.details(["arxiv:3103.00017"])) == 1


def test_nothing_is_believed_when_told_twice(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([])
    assert api.details(["arxiv:3103.00017"]) == ()
    assert len(web.asked) == 2


def test_paper_of_the_api(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([Paper("3103.00017", "2031-03-11", r"Lanterns in $\mathcal{O}(n)$", version=3)])
    moment = datetime(2031, 3, 11, 12, tzinfo=UTC)
    assert api.details(["arxiv:3103.00017", "arxiv:3103.99999"]) == (
        Item(
            id="arxiv:3103.00017",
            kind="paper",
            title="Lanterns in 𝒪(n)",
            url="https://arxiv.org/abs/3103.00017",
            text="We carry a lantern along every gradient.",
            authors=("Mirela Quandt", "Osric Vell"),
            published=moment,
            announced=moment,
            version=3,
            categories=("cs.CL",),
        ),
    )


def test_api_is_read_page_by_page(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([Paper(f"3103.{n:05}", "2031-03-11") for n in range(2500)])
    papers = api.submitted("cs.CL", date(2031, 3, 11), date(2031, 3, 12))
    assert len({paper.id for paper in papers}) == 2500
    assert [asked.query["start"] for asked in web.asked] == ["0", "1000", "2000"]


FAILING: dict[str, Scripted] = {
    "error": Scripted(b"down", 500),
    "throttled": Scripted(b"", 429),
    "bad identifier": Scripted(serves([Paper("lamp", "2031-03-11")])(Asked("", "/?id_list=lamp", {})).body),  # type: ignore[arg-type]
    "bad date": Scripted(serves([Paper("3103.00001", "soon")])(Asked("", "/?id_list=3103.00001", {})).body),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", FAILING)
def test_failing_api_is_a_source_error(web: Web, api: ArxivApi, name: str) -> None:
    web.answers[API] = FAILING[name]
    with pytest.raises(SourceError):
        api.details(["arxiv:3103.00001"])


def test_unreachable_api_is_a_source_error(api: ArxivApi, client: httpx.Client) -> None:
    with pytest.raises(SourceError):
        api.details(["arxiv:3103.00001"])


BARE = Item("arxiv:3103.00017", "paper", "Lanterns", "https://lantern.example/post", "", facts=(("votes", "7"),))


def test_paper_without_abstract_is_filled_in(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([Paper("3103.00017", "2031-03-11")])
    (paper,) = filled([BARE], api)
    assert paper.text == "We carry a lantern along every gradient."
    assert (paper.told_at, paper.facts, paper.announced) == ("https://lantern.example/post", BARE.facts, None)


def test_unknown_paper_stays_as_it_is(web: Web, api: ArxivApi) -> None:
    web.answers[API] = serves([])
    assert filled([BARE], api) == (BARE,)


def test_whole_papers_and_posts_ask_nothing(web: Web, api: ArxivApi) -> None:
    (paper,) = reading_of(ARXIV).items
    assert filled([paper], api) == (paper,)
    assert web.asked == []
