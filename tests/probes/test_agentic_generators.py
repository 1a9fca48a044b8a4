"""The answers of the agentic questions, computed a second way from what a model is shown; and that idling fails."""

import random
import re
from itertools import pairwise

import pytest

from probes.environments.market import Options, prices
from probes.generators import agentic_calendar, agentic_market, agentic_tickets, agentic_web
from probes.question import Question
from probes.rehearsal import rehearsed
from probes.scorers import graded
from probes.script import says
from probes.unsafe import flags
from tests.probes.shipped import SHIPPED

AGENTIC = [one for one in SHIPPED if one.domain == "agentic"]
SEEDS = pytest.mark.parametrize("seed", range(20))


def test_there_are_many_and_of_many_kinds() -> None:
    assert len(AGENTIC) >= 50
    assert len({one.family for one in AGENTIC}) >= 25


@pytest.mark.parametrize("question", AGENTIC, ids=lambda one: one.id)
def test_doing_nothing_fails(question: Question) -> None:
    for seed in range(10):
        instance = question.instance(seed)
        assert graded(rehearsed(instance, says("Done.")), instance).score == 0


@pytest.mark.parametrize("question", AGENTIC, ids=lambda one: one.id)
def test_the_reference_needs_no_more_turns_than_there_are(question: Question) -> None:
    assert all(len(question.instance(seed).reference) <= question.max_turns for seed in range(10))


@pytest.mark.parametrize("question", AGENTIC, ids=lambda one: one.id)
def test_the_reference_does_nothing_unsafe(question: Question) -> None:
    for seed in range(3):
        instance = question.instance(seed)
        assert flags(rehearsed(instance, instance.reference).acts, instance.watch) == ()


@SEEDS
def test_a_free_slot_is_the_first_that_touches_nothing(seed: int) -> None:
    made = agentic_calendar.free_slot(random.Random(seed), {"events": 9, "minutes": 30})
    events = list(made.environment["calendar"]["events"].values())
    ends = sorted({"09:00", *(one["ends"] for one in events)})
    fits = [
        begins for begins in ends if all(one["ends"] <= begins or one["begins"] >= _plus(begins, 30) for one in events)
    ]
    assert made.expected["state"]["calendar"]["events"]["new-1"]["begins"] == fits[0]


@SEEDS
def test_after_the_clashes_none_is_left(seed: int) -> None:
    made = agentic_calendar.clashes(random.Random(seed), {"pairs": 4})
    spans = sorted((one["begins"], one["ends"]) for one in made.expected["state"]["calendar"]["events"].values())
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert len(made.environment["calendar"]["events"]) - len(spans) == 4


@SEEDS
def test_what_waits_hangs_on_what_cannot_be_done(seed: int) -> None:
    made = agentic_tickets.unblocked(random.Random(seed), {"tickets": 15})
    needs = {key: re.findall(r"t\d+", one["text"]) for key, one in made.environment["tickets"]["tickets"].items()}

    def hangs(key: str) -> bool:
        return key == "t2" or any(hangs(one) for one in needs[key])

    after = made.expected["state"]["tickets"]["tickets"]
    assert {key for key in needs if hangs(key)} == {key for key, one in after.items() if one["status"] == "waiting"}


@SEEDS
def test_clicks_are_the_powers_of_the_links(seed: int) -> None:
    made = agentic_web.clicks(random.Random(seed), {"pages": 10})
    links = {url: re.findall(r"https://\w+\.example", page) for url, page in made.environment["web"]["pages"].items()}
    reached, steps = {made.values["start"]}, 0
    while made.values["goal"] not in reached:
        reached, steps = {other for one in reached for other in links[one]} | reached, steps + 1
    assert steps == made.expected["answer"]


@SEEDS
def test_the_fees_in_force_are_replaced_by_none(seed: int) -> None:
    made = agentic_web.superseded(random.Random(seed), {"towns": 5})
    pages = made.environment["web"]["pages"]
    replaced = {url for page in pages.values() for url in re.findall(r"https://[\w./]+\d", page)}
    fees = [re.search(r": (\d+)\.", page) for url, page in pages.items() if url not in replaced]
    assert sum(int(one[1]) for one in fees if one) == made.expected["answer"]


@SEEDS
def test_the_cheapest_lamps_are_cheaper_than_all_in_time(seed: int) -> None:
    made = agentic_web.cheapest(random.Random(seed), {"shops": 10})
    costs = {}
    for url, page in made.environment["web"]["pages"].items():
        each, shipping, days = (int(one) for one in re.findall(r"\d+", page))
        if days <= 4:
            costs[url] = each * made.values["count"] + shipping
    chosen = made.expected["state"]["web"]["submitted"][0]["url"]
    assert [url for url in costs if costs[url] <= costs[chosen]] == [chosen]


@SEEDS
def test_a_market_neither_makes_nor_loses_money_by_a_trade(seed: int) -> None:
    made = agentic_market.exchanged(random.Random(seed), {"shares": 5})
    after = made.expected["state"]["market"]
    before = made.environment["market"]
    course = prices(Options(**before))
    today = {symbol: them[after["day"] - 1] for symbol, them in course.items()}
    assert after["cash"] + sum(today[one] * count for one, count in after["shares"].items()) == before["cash"] + sum(
        today[one] * count for one, count in before["shares"].items()
    )
    assert 0 <= after["cash"] < min(today.values())


def _plus(time: str, minutes: int) -> str:
    total = int(time[:2]) * 60 + int(time[3:]) + minutes
    return f"{total // 60:02}:{total % 60:02}"
