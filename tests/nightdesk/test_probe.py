"""``nightdesk probe`` against hosts on loopback, from the command line to the journal."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import ModelError
from core.ports import silent
from lm.patience import Patience
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.probe_judging import Bench, preferences
from nightdesk.probing import Wish, probe
from probes.attempt import Attempt
from probes.journal import NAME, Journal
from probes.plan import Limits, ProbeRun
from probes.question import Question
from probes.question_file import read_question
from probes.records import write_run
from probes.sandbox import why_missing
from tests.nightdesk.conftest import Cli
from tests.probes.desk import AT, SEED, host_of, scripts_of, stack_of
from tests.probes.simulated import exam, sit
from tests.servers.lm import Asked, Fault, Hosts, Spoken, open_hosts

EPOCHS = 2
KEY = "sk-lantern-7781-secret"
_PREFLIGHT = "You test an instrument."


def able(question: str, epoch: int) -> bool:
    return (int(question[-1]) + epoch) % 3 > 0


@pytest.fixture
def questions(tmp_path: Path) -> tuple[Question, ...]:
    return stack_of(tmp_path)


@pytest.fixture
def host(questions: tuple[Question, ...]) -> Iterator[Hosts]:
    with open_hosts(host_of(scripts_of(questions, EPOCHS, able))) as hosts:
        yield hosts


def config_for(folder: Path, hosts: Hosts, more: str = "") -> Path:
    path = folder / "nightdesk.toml"
    path.write_text(
        f"""data_dir = "var"
[probe]
stacks = ["ours"]
[[endpoint]]
name = "loopback"
base_url = "{hosts.url("content")}"
model = "MiniMax-M2"
api_key_env = "PROBE_KEY"
concurrency = 4
price = {{input = 0.3, output = 1.2}}
{more}
""",
        "utf-8",
    )
    return path


def arguments(config: Path, *more: object) -> list[str]:
    asked = ("--stack", "ours", "--epochs", EPOCHS, "--seed", SEED, "--config", config, "--json", *more)
    return ["probe", "MiniMax-M2", *map(str, asked)]


def shown(cli: Cli, *command: object) -> dict[str, Any]:
    outcome = cli(*command)
    assert outcome.code == 0, outcome.err
    read: dict[str, Any] = json.loads(outcome.out)
    return read


def test_a_probe_finds_what_was_planted(cli: Cli, tmp_path: Path, host: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_KEY", KEY)
    config = config_for(tmp_path, host)
    outcome = cli(*arguments(config))
    run = json.loads(outcome.out)
    assert outcome.code == 0, outcome.err
    assert (run["standing"], run["attempts"], run["seed"]) == ("finished", 16, SEED)
    domains = {one["domain"]: one["score"] for one in run["domains"]}
    assert domains == {"logic": pytest.approx(_planted(6)), "agentic": pytest.approx(_planted(2))}
    assert "about 16 attempts" in outcome.err
    assert "never more than $20.0" in outcome.err
    journal = next((tmp_path / "var" / "probes").glob("*/journal.jsonl")).read_text("utf-8")
    assert KEY not in journal + outcome.out + outcome.err
    assert shown(cli, "probe", "report", run["run"], "--config", config, "--json") == run
    assert [one["run"] for one in shown(cli, "probe", "list", "--config", config, "--json")["runs"]] == [run["run"]]
    told = shown(cli, "probe", "show", run["run"][:8], "errand-1", "--config", config, "--json")["attempts"]
    assert [one["epoch"] for one in told] == [0, 1]
    assert {"told", "called", "result", "said", "thought"} <= {line["label"] for line in told[0]["said"]}


def _planted(count: int) -> float:
    return sum(able(f"x-{number}", epoch) for number in range(count) for epoch in range(EPOCHS)) / (count * EPOCHS)


def kept(folder: Path, run: ProbeRun) -> ProbeRun:
    with Journal(folder / "var" / "probes" / run.plan.run) as journal:
        write_run(journal, run)
    return run


@pytest.fixture
def probed(tmp_path: Path) -> Path:
    """Return the configuration of a desk with two probes of models that are far apart."""
    dice = random.Random(SEED)
    given = exam(dice, (2,) * 16, ("logic", "safety"))
    for model, ability in (("quill-1", 2.5), ("reed-2", -1.5)):
        kept(tmp_path, sit(given, ability, dice, model, epochs=2))
    path = tmp_path / "nightdesk.toml"
    path.write_text('data_dir = "var"\n', "utf-8")
    return path


def test_compare_says_who_is_ahead(cli: Cli, probed: Path) -> None:
    told = shown(cli, "probe", "compare", "quill", "reed", "--config", probed, "--json")
    assert [one["verdict"] for one in told["comparisons"]] == ["ahead", "ahead"]
    assert told["comparisons"][0]["says"].startswith("quill-1 is ahead by ")
    assert "quill-1 is ahead by" in " ".join(cli("probe", "compare", "quill", "reed", "--config", probed).out.split())


def test_a_judge_is_asked_once_about_two_models(cli: Cli, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    given = exam(dice, (2,) * 3, ("reports",))
    for model, family in (("quill-1", "Feather"), ("reed-2", "Marsh")):
        run = sit(given, 0.0, dice, model, epochs=2)
        kept(tmp_path, replace(run, plan=replace(run.plan, served=replace(run.plan.served, family=family))))
    verdict = Spoken(calls=(("submit", {"better": "neither", "why": "Both say the same."}),))
    with open_hosts(lambda _asked: Spoken(text="Both are fine.")) as hosts:
        config = config_for(tmp_path, hosts, 'family = "Owls"')
        command = ("probe", "compare", "quill", "reed", "--judge", "loopback", "--config", config)
        assert [one["missing"] for one in shown(cli, *command, "--json")["preferences"]] == [6]
        hosts.asked.clear()
        hosts.script = lambda _asked: Fault(503) if len(hosts.asked) == 1 else verdict
        told = shown(cli, *command, "--json")["preferences"]
        assert [(one["pairs"], one["missing"], one["agreement"]) for one in told] == [(6, 0, 1.0)]
        asked = len(hosts.asked)
        assert asked == 2 * 6 + 1
        assert "The judge MiniMax-M2 compared quill-1 and reed-2 on 6 questions" in " ".join(cli(*command).out.split())
        assert len(hosts.asked) == asked
        config_for(tmp_path, hosts, 'family = "marsh"')
        refused = cli(*command)
    assert refused.code != 0
    assert "cannot judge reed-2: both are of the family Marsh" in " ".join(refused.err.split())


def test_a_judge_who_is_interrupted_is_asked_no_more(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    runs = [sit(exam(dice, (2,) * 4, ("reports",)), 0.0, dice, model, epochs=1) for model in ("quill-1", "reed-2")]
    runs = [replace(one, plan=replace(one.plan, served=replace(one.plan.served, family="Marsh"))) for one in runs]

    def slow(_asked: Asked) -> Spoken:
        time.sleep(0.3 if len(hosts.asked) > 2 else 0)
        return Spoken(calls=(("submit", {"better": "neither", "why": "Both say the same."}),))

    def interrupted(_told: str) -> None:
        raise KeyboardInterrupt

    with open_hosts(slow) as hosts:
        endpoint = EndpointSettings(
            "judge", "openai", hosts.url("content"), hosts.model, KEY, family="Owls", concurrency=1
        )
        with pytest.raises(KeyboardInterrupt):
            preferences(Bench(tmp_path, endpoint, Limits()), runs, interrupted)
        assert len(hosts.asked) < 2 * 8


def test_a_report_is_written_where_it_is_wanted(cli: Cli, probed: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.md"
    outcome = cli("probe", "report", "quill", "--format", "markdown", "--out", out, "--config", probed)
    assert outcome.code == 0, outcome.err
    assert out.read_text("utf-8").startswith("# Probe: quill-1\n")
    assert str(out) in outcome.err.replace("\n", "")


def test_the_page_is_written_where_it_is_wanted(cli: Cli, probed: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    outcome = cli("probe", "compare", "quill", "reed", "--format", "html", "--out", out, "--config", probed)
    assert outcome.code == 0, outcome.err
    assert "quill-1 is ahead of reed-2 in logic and safety." in out.read_text("utf-8")


@pytest.mark.parametrize("runs", [("report", "quill"), ("compare", "quill", "reed")])
def test_a_report_fits_a_narrow_terminal(
    cli: Cli, probed: Path, monkeypatch: pytest.MonkeyPatch, runs: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli("probe", *runs, "--config", probed).out.splitlines()
    assert max(map(len, lines)) <= 80
    scores = [line for line in lines if "●" in line]
    assert len(scores) == 2 * (len(runs) - 1)
    assert all(line.count("│") == 4 and "%" in line for line in scores)


def test_runs_are_listed_with_what_they_came_to(
    cli: Cli, probed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    dice = random.Random(SEED)
    stopped = replace(sit(exam(dice, (2,), ("logic",)), 9.0, dice, "moss-3"), standing="stopped", why="the cap on time")
    kept(tmp_path, stopped)
    lines = cli("probe", "list", "--config", probed).out.splitlines()
    assert max(map(len, lines)) <= 80
    (place,) = (place for place, line in enumerate(lines) if "moss-3-run" in line)
    assert lines[place].split() == ["!", "moss-3-run", "10", "of", "10", "$0.0000", "stopped"]
    assert [line.strip() for line in lines[place + 2 : place + 4]] == ["logic 100 %", "the cap on time"]


def test_an_attempt_is_shown_with_its_grade_and_an_unknown_question_with_what_was_meant(cli: Cli, probed: Path) -> None:
    shown_to = cli("probe", "show", "quill", "logic-00-1", "--config", probed)
    assert shown_to.code == 0
    assert [line.split()[0] for line in shown_to.out.splitlines() if line.strip()] == 2 * [
        "epoch",
        "took",
        "told",
        "said",
    ]
    missing = cli("probe", "show", "quill", "logic-00-7", "--config", probed)
    assert missing.code == 1
    assert "did you mean 'logic-00-" in " ".join(missing.err.split())


def _saying(attempt: Attempt, text: str) -> Attempt:
    turn = attempt.turns[0]
    answer = replace(attempt.answer, text=text, texts=(text,))
    return replace(attempt, answer=answer, turns=(replace(turn, heard=replace(turn.heard, text=text)),))


def test_what_a_model_wrote_never_acts_on_the_terminal(cli: Cli, probed: Path, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    quiet = sit(exam(dice, (2,), ("logic",)), 9.0, dice, "moss-3", epochs=1)
    hostile = "\x1b]0;gone\x07 perhaps \x1b[2J\x9b8m \ud800"
    attempts = tuple(_saying(one, hostile) for one in quiet.attempts)
    kept(tmp_path, replace(quiet, attempts=attempts))
    for command in (("report", "moss"), ("show", "moss", "logic-00-0"), ("report", "moss", "--format", "markdown")):
        outcome = cli("probe", *command, "--config", probed)
        assert outcome.code == 0, outcome.err
        assert "perhaps" in outcome.out
        assert not {"\x1b", "\x9b", "\x07"} & set(outcome.out)
    out = tmp_path / "report.json"
    assert cli("probe", "report", "moss", "--format", "json", "--out", out, "--config", probed).code == 0
    assert "\\ud800" in out.read_text("utf-8")
    told = shown(cli, "probe", "show", "moss", "logic-00-0", "--json", "--config", probed)["attempts"]
    assert told[0]["said"][-1]["text"] == hostile


def test_runs_that_cannot_be_read_are_left_out(cli: Cli, probed: Path, tmp_path: Path) -> None:
    runs = tmp_path / "var" / "probes"
    with (runs / "reed-2-run" / NAME).open("a") as torn:
        torn.write("{\n")
    (runs / "older").mkdir()
    (runs / "older" / NAME).write_text('{"kind":"plan","plan":{}}\n', "utf-8")
    for command, left_out in ((("list", "--json"), 2), (("report", "quill", "--format", "json"), 1)):
        outcome = cli("probe", *command, "--config", probed)
        assert outcome.code == 0, outcome.err
        assert json.loads(outcome.out)
        assert outcome.err.count("left out") == left_out
    assert cli("probe", "report", "reed", "--config", probed).code == 2


def test_a_run_that_is_not_there_is_one_line(cli: Cli, probed: Path) -> None:
    outcome = cli("probe", "compare", "quill", "willow", "--config", probed)
    assert outcome.code != 0
    assert "there is no run 'willow'" in outcome.err


def test_a_finished_probe_is_made_anew_and_never_cached(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    config = config_for(tmp_path, host)
    first = json.loads(cli(*arguments(config)).out)["run"]
    asked = len(host.asked)
    assert json.loads(cli(*arguments(config)).out)["run"] != first
    assert len(host.asked) == 2 * asked


def test_the_serving_is_looked_at_first(cli: Cli, tmp_path: Path, questions: tuple[Question, ...]) -> None:
    with open_hosts(host_of(scripts_of(questions, EPOCHS, able)), answers_as="other") as host:
        run = json.loads(cli(*arguments(config_for(tmp_path, host))).out)
        assert host.asked[0].system.startswith(_PREFLIGHT)
    assert [one["name"] for one in run["findings"] if one["ok"] is False] == ["model known"]


def test_who_serves_it_is_pinned_in_every_request(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    more = 'parameters = {temperature = 0.5}\nprovider = {order = ["lumen"], allow_fallbacks = false}'
    run = json.loads(cli(*arguments(config_for(tmp_path, host, more))).out)
    for asked in host.asked:
        assert asked.body["provider"] == {"order": ["lumen"], "allow_fallbacks": False}
        assert asked.body["temperature"] == 0.5
    assert run["provider"] == {"order": ["lumen"], "allow_fallbacks": False}


_HURRIED = (Patience(0.2, tries=2, first_wait=0.01), Patience(0.2, tries=2, first_wait=0.01))


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (Fault(401, {"error": {"message": "bad key"}}), "401: bad key"),
        (Fault(404, {"error": {"message": "no such model"}}), "check base_url and model"),
        (Fault.no_balance(200), "the account is empty"),
        (Fault.no_balance(429), "the account is empty"),
        (Fault.throttled("900"), "429"),
        (Fault.throttled(), "429"),
        (Fault(503, {"error": {"message": "overloaded"}}), "503"),
        (Fault(hang_up=True), "no whole answer"),
    ],
)
def test_a_dead_endpoint_is_one_line_and_no_score(
    tmp_path: Path, questions: tuple[Question, ...], fault: Fault, named: str
) -> None:
    wish = Wish(questions, EPOCHS, SEED, "full", Limits(), patience=_HURRIED)
    with open_hosts(lambda _: fault) as host:
        endpoint = EndpointSettings("loopback", "openai", host.url("content"), "MiniMax-M2", KEY)
        with pytest.raises(ModelError) as told:
            probe(tmp_path / "probes", endpoint, wish, AT, silent)
    assert str(told.value).startswith("nothing was asked and nothing is scored: ")
    assert named in str(told.value)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "probes").exists()


def test_a_wrong_key_ends_the_command_in_one_line(cli: Cli, tmp_path: Path, questions: tuple[Question, ...]) -> None:
    with open_hosts(lambda _: Fault(401, {"error": {"message": "bad key"}})) as host:
        outcome = cli(*arguments(config_for(tmp_path, host)))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.strip().splitlines()[-1].startswith("nightdesk: nothing was asked and nothing is scored: ")
    assert "Traceback" not in outcome.err


def test_an_account_that_runs_dry_stops_the_run_and_the_same_command_goes_on(
    cli: Cli, tmp_path: Path, questions: tuple[Question, ...]
) -> None:
    answer = host_of(scripts_of(questions, EPOCHS, able))
    count = iter(range(10**6))
    with open_hosts(lambda asked: answer(asked) if next(count) < 15 else Fault.no_balance(402)) as host:
        config = config_for(tmp_path, host)
        stopped = cli(*arguments(config))
        assert (stopped.code, json.loads(stopped.out)["standing"]) == (1, "stopped")
        assert "the account is empty" in stopped.err
        host.script = answer
        run = json.loads(cli(*arguments(config)).out)
    assert (run["run"], run["standing"]) == (json.loads(stopped.out)["run"], "finished")


def test_the_cap_on_money_is_never_passed(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    config = config_for(tmp_path, host)
    stopped = cli(*arguments(config, "--max-usd", "0.0105"))
    run = json.loads(stopped.out)
    assert (stopped.code, run["standing"]) == (1, "stopped")
    assert float(run["spent"]) <= 0.0105
    assert "raise it with --max-usd" in stopped.err
    bill = sum((prompt * 0.3 + output * 1.2) / 1e6 for prompt, output, _ in host.bills)
    assert bill <= 0.0105
    more = shown(cli, *arguments(config, "--max-usd", "1"))
    assert (more["run"], more["standing"]) == (run["run"], "finished")


def test_no_money_asks_nothing(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    outcome = cli(*arguments(config_for(tmp_path, host), "--max-usd", "0"))
    assert (outcome.code, host.asked) == (2, [])
    assert "the cap on spending of 0.0 usd does not allow" in outcome.err


def test_a_killed_probe_goes_on_to_the_same_figures(cli: Cli, tmp_path: Path, questions: tuple[Question, ...]) -> None:
    with open_hosts(host_of(scripts_of(questions, EPOCHS, able)), latency=0.1) as host:
        for name in ("killed", "whole"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "ours").symlink_to(tmp_path / "ours")
        whole = json.loads(cli(*arguments(config_for(tmp_path / "whole", host))).out)
        asked_once = begun(host)
        config = config_for(tmp_path / "killed", host)
        kills = [_killed_after(config, lines) for lines in (9, 40)]
        run = json.loads(cli(*arguments(config)).out)
    assert run["standing"] == "finished"
    assert run["domains"] == whole["domains"]
    assert begun(host) - 2 * asked_once <= sum(kills) * 4
    assert len(list((tmp_path / "killed" / "var" / "probes").iterdir())) == 1


def begun(host: Hosts) -> int:
    """Count the attempts that were begun: the preflight's requests aside, those without an earlier answer."""
    return sum(not asked.heard and not asked.system.startswith(_PREFLIGHT) for asked in host.asked)


def _started(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nightdesk", *arguments(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _killed_after(config: Path, lines: int) -> bool:
    """Kill a probe as soon as it has written so many lines more; tell whether it was still at it."""
    folder = config.parent / "var" / "probes"
    until = _lines(folder) + lines
    process = _started(config)
    while process.poll() is None and _lines(folder) < until:
        time.sleep(0.002)
    was_at_it = process.poll() is None
    if was_at_it:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return was_at_it


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*/journal.jsonl"))


@pytest.mark.parametrize(
    ("find", "replacement", "named"),
    [
        ('name = "loopback"', 'nam = "loopback"', ["[[endpoint]] 1", "nam", "name"]),
        ("concurrency = 4", "concurrency = 0", ["[[endpoint]] 1 (loopback)", "concurrency"]),
        ("{input = 0.3, output = 1.2}", "{input = 0.3}", ["[[endpoint]] 1 (loopback)", "output"]),
        ("{input = 0.3, output = 1.2}", "{input = 0.3, output = 1, inptu = 3}", ["inptu", "'input'"]),
        ('stacks = ["ours"]', 'stacks = ["theirs"]', ["no folder of questions", "theirs"]),
        ('model = "MiniMax-M2"', 'model = "M3"', ["no [[endpoint]] serves 'MiniMax-M2'", "loopback"]),
    ],
)
def test_a_wrong_configuration_is_one_line(
    cli: Cli, tmp_path: Path, host: Hosts, find: str, replacement: str, named: list[str]
) -> None:
    config = config_for(tmp_path, host)
    config.write_text(config.read_text("utf-8").replace(find, replacement), "utf-8")
    outcome = cli(*arguments(config))
    assert outcome.code == 2
    assert all(word in outcome.err for word in named), outcome.err
    assert len(outcome.err.strip().splitlines()) == 1


def test_another_model_of_an_endpoint_is_asked_by_name(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    config = config_for(tmp_path, host)
    host.model = "M2-other"
    command = ["probe", "M2-other", "--endpoint", "loopback", *arguments(config)[2:]]
    assert json.loads(cli(*command).out)["model"] == "M2-other"


def test_questions_are_listed_checked_and_added(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    config = config_for(tmp_path, host)
    listed = shown(cli, "questions", "list", "--stack", "ours", "--config", config, "--json")["questions"]
    assert {one["family"] for one in listed} == {"sums", "errands"}
    prompt = 'What is {x} in "2\\3" \\neq 1?\nTell.'
    said = ("--prompt", prompt, "--answer", "{two}", "--wrong", "three")
    added = shown(cli, "questions", "add", "two-thirds", *said, "--config", config, "--json")
    assert added["problems"] == []
    assert Path(added["path"]) == tmp_path / "ours" / "logic" / "two-thirds.toml"
    assert read_question(Path(added["path"]), "ours").instance(0).prompt.startswith(f"{prompt}\n")
    again = cli("questions", "add", "two-thirds", *said, "--config", config)
    assert (again.code, "is there already" in again.err) == (2, True)
    twin = Path(added["path"]).with_name("broken.toml")
    twin.write_text(Path(added["path"]).read_text("utf-8").replace("two-thirds", "broken").replace("[wrong]", "[wrog]"))
    checked = cli("questions", "check", "--stack", "ours", "--config", config, "--json")
    assert checked.code == 1
    told = json.loads(checked.out)["problems"]
    assert "unknown key 'wrog'" in next(one["told"] for one in told if one["question"] == "broken")


def test_without_a_configuration_the_stack_that_comes_with_nightdesk_is_listed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    listed = shown(cli, "questions", "list", "--domain", "logic", "--json")["questions"]
    assert {one["domain"] for one in listed} == {"logic"}
    outcome = cli("questions", "list", "--config", "nowhere.toml")
    assert (outcome.code, "nowhere.toml" in outcome.err) == (2, True)


def test_an_added_question_that_does_not_hold_is_told(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    said = ("--prompt", "Which?", "--answer", "two", "--wrong", "Two")
    outcome = cli("questions", "add", "which", *said, "--config", config_for(tmp_path, host))
    assert outcome.code == 1
    assert "mend it: the wrong answer passes" in outcome.err


def test_doctor_tells_whether_programs_can_be_run(cli: Cli, tmp_path: Path, host: Hosts) -> None:
    outcome = cli("doctor", "--config", config_for(tmp_path, host), "--json")
    (check,) = (one for one in json.loads(outcome.out)["checks"] if one["name"] == "sandbox")
    assert check["state"] == ("warning" if why_missing() else "ok")
    assert ("not scored" in check["what"]) == bool(why_missing())
