"""A budget that runs out gives way in the stated order, and the digest says what was given up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nightdesk.conftest import SAMPLE, SECOND, Cli
from tests.servers.lm import Fault, Hosts, open_hosts
from tests.servers.lm.reader import reads


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with open_hosts(reads) as hosts:
        yield hosts


def night_on(cli: Cli, team: Path, hosts: Hosts, dollars: float) -> list[str]:
    table = (
        f'[llm]\nwire = "anthropic"\nbase_url = "{hosts.url("signed")}"\nmodel = "MiniMax-M2"\n'
        "price = { input = 0.30, output = 1.20, cache_read = 0.03, cache_write = 0.375 }\n"
        f"nightly_budget_usd = {dollars}\n"
    )
    team.write_text(team.read_text("utf-8").replace('[llm]\nwire = "offline"\n', table), "utf-8")
    assert cli("run", "--config", team, "--recording", SAMPLE / SECOND).code == 0
    told: list[str] = json.loads(cli("digest", "--config", team, "--json").out)["notes"]
    return told


def test_a_rich_night_has_nothing_to_tell(cli: Cli, team: Path, hosts: Hosts) -> None:
    assert night_on(cli, team, hosts, 1.0) == []


def test_a_poor_night_says_in_order_what_was_given_up(cli: Cli, team: Path, hosts: Hosts) -> None:
    (note,) = night_on(cli, team, hosts, 0.012)
    assert note.startswith("The night’s budget of $0.012 ran low: 3 of 3 analyses left out, ")
    assert "briefs are short" in note
    assert note.index("analyses") < note.index("short") < note.index("source’s own words")


def test_a_host_that_is_away_is_told_with_the_reason(cli: Cli, team: Path) -> None:
    with open_hosts(lambda _asked: Fault(401, {})) as hosts:
        (note,) = night_on(cli, team, hosts, 1.0)
    assert note.startswith("Not everything was asked of the model, or answered: 3 of 3 analyses left out")
