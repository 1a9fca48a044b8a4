"""A budget that runs out gives way in the stated order, a model that fails costs its words alone; both are told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nightdesk.config import load_config
from tests.nightdesk.conftest import SAMPLE, SECOND, Cli, Outcome
from tests.servers.lm import Fault, Hosts, Spoken, open_hosts
from tests.servers.lm.asked import Asked
from tests.servers.lm.reader import reads
from tests.servers.lm.server import Said
from triage.briefs import SHORT, SPENT


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with open_hosts(reads) as hosts:
        yield hosts


def night_on(cli: Cli, team: Path, hosts: Hosts, dollars: float = 1.0, model: str = "MiniMax-M2") -> Outcome:
    table = (
        f'[llm]\nwire = "anthropic"\nbase_url = "{hosts.url("signed")}"\nmodel = "{model}"\npatience_seconds = 0.5\n'
        "price = { input = 0.30, output = 1.20, cache_read = 0.03, cache_write = 0.375 }\n"
        f"nightly_budget_usd = {dollars}\n"
    )
    team.write_text(team.read_text("utf-8").replace('[llm]\nwire = "offline"\n', table), "utf-8")
    return cli("run", "--config", team, "--recording", SAMPLE / SECOND)


def digest_of(cli: Cli, team: Path) -> dict[str, Any]:
    return dict(json.loads(cli("digest", "--config", team, "--json").out))


def marks_of(digest: dict[str, Any]) -> set[str]:
    return {entry["mark"] for section in digest["sections"] for entry in section["entries"]}


def test_a_rich_night_has_nothing_to_tell(cli: Cli, team: Path, hosts: Hosts) -> None:
    ran = night_on(cli, team, hosts)
    assert (ran.code, "note: " in ran.err) == (0, False)
    assert digest_of(cli, team)["notes"] == []


def test_a_poor_night_says_in_order_what_was_given_up(cli: Cli, team: Path, hosts: Hosts) -> None:
    ran = night_on(cli, team, hosts, 0.012)
    digest = digest_of(cli, team)
    (note,) = digest["notes"]
    assert note.startswith("The night’s budget of $0.012 ran low: 3 of 3 analyses left out, ")
    assert "briefs are short" in note
    assert note.index("analyses") < note.index("short") < note.index("sources’ own words")
    assert f"note: {note}" in ran.err
    assert ran.code == 0
    assert {f"summary by MiniMax-M2; {SHORT}", SPENT} <= marks_of(digest)


def refused(_asked: Asked) -> Said:
    return Fault(401, {"error": {"type": "authentication_error", "message": "invalid api key (2049)"}})


def broke(_asked: Asked) -> Said:
    return Fault.no_balance(402)


@pytest.mark.parametrize(
    ("script", "model", "why"),
    [
        pytest.param(refused, "MiniMax-M2", "set the key named by api_key_env", id="invalid_key"),
        pytest.param(broke, "MiniMax-M2", "the account is empty: top it up, or set another key", id="empty_account"),
        pytest.param(reads, "MiniMax-M77", "check base_url and model", id="unknown_model"),
    ],
)
def test_what_somebody_must_mend_is_one_line_and_a_few_requests(
    cli: Cli, team: Path, script: Any, model: str, why: str
) -> None:
    with open_hosts(script) as hosts:
        ran = night_on(cli, team, hosts, model=model)
        assert len(hosts.asked) <= 10
    assert ran.code == 1
    (line,) = [line for line in ran.err.splitlines() if line.startswith("note: ")]
    assert line.startswith("note: Not everything was asked of the model, or answered: 3 of 3 analyses left out")
    assert why in line
    assert marks_of(digest_of(cli, team)) <= {
        "the model could not be asked",
        "the model could not be asked; delivered unscored: the model gave no valid answer",
    }


def test_model_that_talks_past_the_question_floods_no_subject_and_loses_nothing(cli: Cli, team: Path) -> None:
    with open_hosts(lambda _asked: Spoken(text="What a lovely night.")) as hosts:
        night_on(cli, team, hosts)
    digest = digest_of(cli, team)
    places = {subject.slug: subject.max_items for subject in load_config(team).subjects}
    assert all(len(section["entries"]) <= places[section["subject"]] for section in digest["sections"])
    unjudged = [item["title"] for section in digest["sections"] for item in section["unjudged"]]
    assert unjudged
    assert not set(unjudged) & {item["title"] for item in digest["dropped"]}
    assert "items not judged" in digest["notes"][0]
