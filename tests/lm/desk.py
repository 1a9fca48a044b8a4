"""What tests need to ask a host: a model on a serving of loopback, with short patience and a ledger in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from lm.budget import Budget, Price
from lm.model import Model
from lm.patience import Patience
from lm.wire import Wire, WireSettings, open_wire
from tests.lm.ledger import FileLedger
from tests.servers.lm import SERVINGS, Hosts, Serving

KEY = "sk-lantern-7781-secret"
M2 = Price(Decimal("0.30"), Decimal("1.20"), Decimal("0.03"), Decimal("0.375"))
QUICK = Patience(seconds=20, tries=4, first_wait=0.01, longest_wait=0.05)


@contextmanager
def wire_to(hosts: Hosts, serving: Serving, **settings: Any) -> Iterator[Wire]:
    """Open the wire of a serving."""
    given = {"model": "MiniMax-M2", "api_key": KEY, "timeout": 10.0, **settings}
    wire = open_wire(SERVINGS[serving], WireSettings(hosts.url(serving), **given))
    try:
        yield wire
    finally:
        wire.close()


@contextmanager
def model_at(hosts: Hosts, serving: Serving, **settings: Any) -> Iterator[Model]:
    """Open a model of a serving; ``limit``, ``price``, ``concurrency``, ``patience``, or settings of the wire."""
    limit, price = settings.pop("limit", None), settings.pop("price", M2)
    concurrency, patience = settings.pop("concurrency", 8), settings.pop("patience", QUICK)
    ledger = settings.pop("ledger", None) or FileLedger(Path(":memory:"))
    with wire_to(hosts, serving, **settings) as wire:
        yield Model(wire, Budget(ledger, price, limit), concurrency=concurrency, patience=patience)
    ledger.close()
