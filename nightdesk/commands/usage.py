"""``usage``: what models were asked and what that cost, by night, stage and model."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kb.spending import Spent, spent_by_stage
from nightdesk.config import find_config, load_config
from nightdesk.output import print_json, print_table, say
from nightdesk.wiring import Desk


def usage(config: Path | None, night: date | None, *, as_json: bool) -> None:
    """Print tokens and money, the latest night first."""
    desk = Desk(load_config(find_config(config)))
    with desk.store.reading() as connection:
        spent = spent_by_stage(connection, night)
    if as_json:
        print_json({"spent": [_json(one) for one in spent], "totals": _totals(spent)})
        return
    rows = [
        (
            one.night,
            one.stage,
            one.model,
            one.requests,
            one.usage.prompt,
            one.usage.cache_read,
            one.usage.output,
            _money(one),
        )
        for one in spent
    ]
    columns = ("night", "stage", "model", "asked", "in", "cached", "out", "cost")
    print_table("What models cost", columns, rows)
    for total in _totals(spent):
        say(f"{total['night']}: {total['amount']} {total['unit']}")
    if not spent:
        say("no model was asked yet")


def _money(one: Spent) -> str:
    return f"${one.amount:.6f}" if one.unit == "usd" else "no price configured"


def _totals(spent: Sequence[Spent]) -> list[dict[str, str]]:
    """Return what each night cost in each unit, the latest first."""
    sums: dict[tuple[date, str], Decimal] = {}
    for one in spent:
        sums[one.night, one.unit] = sums.get((one.night, one.unit), Decimal(0)) + one.amount
    return [
        {"night": night.isoformat(), "unit": unit, "amount": f"{amount:f}"} for (night, unit), amount in sums.items()
    ]


def _json(one: Spent) -> dict[str, Any]:
    return {
        "night": one.night.isoformat(),
        "stage": one.stage,
        "model": one.model,
        "requests": one.requests,
        "input": one.usage.input,
        "output": one.usage.output,
        "cache_read": one.usage.cache_read,
        "cache_write": one.usage.cache_write,
        "amount": f"{one.amount:f}",
        "unit": one.unit,
    }
