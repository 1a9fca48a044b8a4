"""A stock market: a few shares, a price a day, shocks on some days. Prices are whole cents."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from probes.place import Place, number, text, tool
from probes.world import ToolFailed

_SYMBOL = text("The share's symbol.")
_COUNT = number("How many shares, at least 1.")


@dataclass(frozen=True, slots=True)
class Options:
    """``opening`` prices in cents by symbol; ``shocks``, by day and symbol, what a price is multiplied by in per cent.

    ``swing`` is by how many per cent a price moves a day at most, drawn by ``seed``; ``news`` are read by day.
    """

    opening: Mapping[str, int] = field(default_factory=dict)
    days: int = 10
    cash: int = 0
    shares: Mapping[str, int] = field(default_factory=dict)
    swing: int = 3
    seed: int = 0
    shocks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    news: Mapping[str, str] = field(default_factory=dict)


def open_environment(options: Options) -> "Market":
    """Return the market on its first day."""
    now = {"day": 1, "cash": options.cash, "shares": {**dict.fromkeys(options.opening, 0), **options.shares}}
    return Market({**now, "trades": 0, "prices": prices(options), "news": dict(options.news)})


def prices(options: Options) -> dict[str, list[int]]:
    """Return the price of each share on each day, in cents."""
    dice = random.Random(options.seed)  # noqa: S311 - repeatable on purpose
    courses = {symbol: [price] for symbol, price in options.opening.items()}
    for day in range(2, options.days + 1):
        for symbol, course in courses.items():
            moved = course[-1] * (100 + dice.randint(-options.swing, options.swing)) // 100
            course.append(max(1, moved * options.shocks.get(str(day), {}).get(symbol, 100) // 100))
    return courses


class Market(Place):
    """The market, open."""

    offers = (
        tool("see_market", "Tells the day, the news, the prices in cents, your cash and your shares."),
        tool("price_history", "Returns the prices of a share up to today, in cents.", symbol=_SYMBOL),
        tool("buy_shares", "Buys at today's price.", symbol=_SYMBOL, count=_COUNT),
        tool("sell_shares", "Sells at today's price.", symbol=_SYMBOL, count=_COUNT),
        tool("wait_a_day", "Goes on to the next day; there is no way back."),
    )

    def state(self) -> Mapping[str, Any]:
        """Return day, cash, shares, trades and what all is worth today."""
        worth: int = self.now["cash"] + sum(count * self._price(one) for one, count in self.now["shares"].items())
        shown = {name: self.now[name] for name in ("day", "cash", "trades")}
        return {**shown, "shares": dict(self.now["shares"]), "worth": worth}

    def _see_market(self) -> str:
        day = self.now["day"]
        courses = [f"{one}: {self._price(one)}, you have {count}" for one, count in self.now["shares"].items()]
        return "\n".join(
            [f"day {day}: {self.now['news'].get(str(day), 'no news')}", *courses, f"cash: {self.now['cash']}"]
        )

    def _price_history(self, symbol: str) -> str:
        course = self.known("prices", symbol)[: self.now["day"]]
        return "\n".join(f"day {day}: {price}" for day, price in enumerate(course, 1))

    def _buy_shares(self, symbol: str, count: int) -> str:
        return self._trade("bought", symbol, count)

    def _sell_shares(self, symbol: str, count: int) -> str:
        return self._trade("sold", symbol, -count)

    def _wait_a_day(self) -> str:
        if self.now["day"] >= min((len(one) for one in self.now["prices"].values()), default=1):
            raise ToolFailed("this is the last day")
        self.now["day"] += 1
        self.did("waited", str(self.now["day"]))
        return self._see_market()

    def _trade(self, verb: str, symbol: str, count: int) -> str:
        self.known("prices", symbol)
        cost = count * self._price(symbol)
        if (count < 1) is (verb == "bought") or not count:
            raise ToolFailed("the count is at least 1")
        if cost > self.now["cash"] or self.now["shares"][symbol] + count < 0:
            raise ToolFailed("there is not enough cash" if count > 0 else "you have not that many")
        self.now["cash"] -= cost
        self.now["shares"][symbol] += count
        self.now["trades"] += 1
        return self.did(verb, symbol, str(abs(count)))

    def _price(self, symbol: str) -> int:
        course: list[int] = self.now["prices"][symbol]
        today: int = self.now["day"]
        return course[today - 1]
