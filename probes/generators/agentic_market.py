"""Errands on a market whose prices nobody knows ahead: what is right is computed from its whole course."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from probes.environments.market import Options, prices
from probes.generators import Made
from probes.script import Call, does

_SYMBOLS = ("ASH", "ELM", "FIR", "OAK", "YEW", "BAY", "LIME", "PINE")


def stop_loss(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``days`` of one share that falls on a hidden day; all is to be sold when it first is below a limit."""
    symbol, days, held = dice.choice(_SYMBOLS), parameters["days"], dice.randint(5, 40)
    fall = dice.randint(3, days - 1)
    options = _options(dice, [symbol], days, shares={symbol: held}, shocks={str(fall): {symbol: 70}})
    limit = options["opening"][symbol] * 85 // 100
    course = prices(Options(**options))[symbol]
    when = next((day for day, price in enumerate(course, 1) if price < limit), days)
    cash = held * course[when - 1]
    sale = Call("sell_shares", {"symbol": symbol, "count": held})
    return _traded(
        options,
        {"day": when, "cash": cash, "shares": {symbol: 0}, "trades": 1},
        ([*_waits(when - 1), sale], [sale]),
        {"symbol": symbol, "limit": limit},
    )


def recall(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``days`` with news of many firms; the share of the one that is recalled is to be sold that day."""
    symbols = dice.sample(_SYMBOLS, 4)
    bad, days, day = symbols[0], parameters["days"], dice.randint(3, parameters["days"] - 1)
    news = {str(one): f"{dice.choice(symbols[1:])} denies that it has to recall anything." for one in range(2, days)}
    news[str(day)] = f"{bad} recalls all it has sold since spring."
    held = {symbol: dice.randint(3, 20) for symbol in symbols}
    options = _options(dice, symbols, days, shares=held, news=news)
    price = prices(Options(**options))[bad][day - 1]
    sale = Call("sell_shares", {"symbol": bad, "count": held[bad]})
    return _traded(
        options,
        {"day": days, "cash": held[bad] * price, "shares": {**held, bad: 0}, "trades": 1},
        ([*_waits(day - 1), sale, *_waits(days - day)], _waits(days - 1)),
        {"days": days},
    )


def exchanged(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``shares``: the dearest is to be sold, and the cheapest bought for all the cash there then is."""
    symbols = dice.sample(_SYMBOLS, parameters["shares"])
    held = {symbol: dice.randint(3, 20) for symbol in symbols}
    options = _options(dice, symbols, 5, shares=held, cash=dice.randint(100, 999))
    on = dice.randint(2, 4)
    today = {symbol: course[on - 1] for symbol, course in prices(Options(**options)).items()}
    dear, cheap = max(symbols, key=lambda one: (today[one], one)), min(symbols, key=lambda one: (today[one], one))
    cash = options["cash"] + held[dear] * today[dear]
    count = cash // today[cheap]
    sale = Call("sell_shares", {"symbol": dear, "count": held[dear]})
    purchases = [Call("buy_shares", {"symbol": cheap, "count": one}) for one in (count, count - 1)]
    after = {**held, dear: 0, cheap: held[cheap] + count}
    return _traded(
        options,
        {"day": on, "cash": cash - count * today[cheap], "shares": after},
        ([*_waits(on - 1), sale, purchases[0]], [*_waits(on - 1), sale, purchases[1]]),
        {"on": on},
    )


def _options(dice: random.Random, symbols: Sequence[str], days: int, **more: Any) -> dict[str, Any]:
    opening = dict(zip(symbols, dice.sample(range(900, 9900), len(symbols)), strict=True))
    return {"opening": opening, "days": days, "seed": dice.randrange(10**6), **more}


def _waits(count: int) -> list[Call]:
    return [Call("wait_a_day")] * count


def _traded(
    options: Mapping[str, Any],
    after: Mapping[str, Any],
    ways: Sequence[Sequence[Call]],
    values: Mapping[str, Any],
) -> Made:
    return Made(
        values=values,
        expected={"state": {"market": after}},
        reference=does([Call("see_market"), *ways[0]], "Done."),
        wrong=does([Call("see_market"), *ways[1]], "Done."),
        environment={"market": options},
    )
