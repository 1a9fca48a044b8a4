"""What each environment does beyond the contract, and what a hostile model can do to the host: nothing."""

import os
import resource
import time
from pathlib import Path

import pytest

from probes.environments import calendar, mail, market, shell, tickets, web
from probes.world import Environment, ToolFailed


def ran(command: str, **files: str) -> tuple[str, Environment]:
    place = shell.open_environment(shell.Options({f"/home/user/{name}": text for name, text in files.items()}))
    try:
        return place.call("run_command", {"command": command}), place
    except ToolFailed as failure:
        return f"failed: {failure}", place


def test_a_shell_works_on_its_files() -> None:
    told, place = ran("sort list > sorted; rm list; grep -c a sorted", list="b\na\n")
    assert told == "1\n"
    assert place.state()["files"]["/home/user/sorted"] == "a\nb\n"
    assert [(one.kind, one.target) for one in place.effects()] == [
        ("deleted", "/home/user/list"),
        ("created", "/home/user/sorted"),
    ]


def test_a_shell_comes_back_with_its_variables_and_folder() -> None:
    _, place = ran("mkdir -p in; cd in; count=3")
    kept = place.snapshot()
    place.call("run_command", {"command": "cd /; count=4; rm -rf /home/user/in; echo x > /home/user/y"})
    place.restore(kept)
    assert place.call("run_command", {"command": 'echo "$count $PWD"; ls /home/user'}) == "3 /home/user/in\nin\n"


@pytest.mark.parametrize(
    "command",
    [
        "while true; do :; done",
        "f() { f; }; f",
        "s=x; while true; do s=$s$s; done",
        "f() { f | f & }; f",
        "awk 'BEGIN { while (1) {} }'",
        "sleep 1000",
    ],
    ids=["loop", "recursion", "memory", "forks", "awk", "sleep"],
)
def test_what_never_ends_is_ended(command: str) -> None:
    began = time.process_time()
    ran(command)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "command",
    ["yes", "head -c 100000000 /dev/zero", "seq 1 100000000", "cat /dev/urandom | base64", "printf '%100000d' 1"],
)
def test_what_prints_without_end_is_cut(command: str) -> None:
    assert len(ran(command)[0]) <= 20_300


def test_files_of_100_mb_are_not_kept() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, place = ran("for i in 1 2 3 4; do yes abcdefghijklmnopqrstuvwxyz > x$i; done; while cat x? >> all; do :; done")
    state = {**place.state()["files"], **place.state()["elsewhere"]}
    assert sum(len(text) for text in state.values()) < 1_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def test_the_host_is_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the host", "utf-8")
    monkeypatch.setenv("HOST_TOKEN", "of-the-host")
    before = sorted(os.listdir("/tmp")), os.listdir(tmp_path), secret.stat()  # noqa: S108, PTH208
    for command in (
        f"cat {secret}; cat /proc/self/environ; cat /proc/1/environ; env",
        f"cat ../../../../../../..{secret}; ln -s {tmp_path} /tmp/link; cat /tmp/link/secret",
        f"rm -rf {tmp_path} / /* ~; echo mine > {secret}; chmod 777 {secret}",
        f"curl file://{secret}; wget http://127.0.0.1/; cat < /dev/tcp/127.0.0.1/22; nc -l 9999",
        f"python3 -c 'print(open(\"{secret}\").read())'; perl -e 1; bash -c 'cat {secret}'; exec cat {secret}",
        f"source {secret}; . {secret}; mount / /mnt; kill -9 -1; kill -9 {os.getpid()}; echo of > /tmp/of",
    ):
        assert "of the host" not in ran(command)[0] + str(ran(command)[1].state())
        assert "of-the-host" not in ran(command)[0]
    after = sorted(os.listdir("/tmp")), os.listdir(tmp_path), secret.stat()  # noqa: S108, PTH208
    assert (after[1], after[2].st_mtime_ns, after[2].st_mode) == (before[1], before[2].st_mtime_ns, before[2].st_mode)
    assert {"of", "link"} & (set(after[0]) - set(before[0])) == set()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_day_of_the_shell_is_the_same_everywhere(zone: str) -> None:
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", zone)
            time.tzset()
            told = ran("date; date +%F; date +%s%%s")[0]
    finally:
        time.tzset()
    assert told == "Mon Mar  1 08:00:00 UTC 2027\n2027-03-01\n1803888000%s\n"


def test_letters_are_sent_filed_and_gone() -> None:
    place = mail.open_environment(mail.Options({"m1": {"from": "a@b.example", "subject": "s", "text": "t"}}))
    place.call("send_mail", {"to": "A@b.example", "subject": "Re", "text": " yes "})
    place.call("file_mail", {"id": "m1", "folder": "archive"})
    assert place.call("list_mail", {"folder": "inbox"}) == "empty"
    place.call("delete_mail", {"id": "m1"})
    assert place.state() == {"letters": {}, "sent": [{"to": "a@b.example", "subject": "Re", "text": "yes"}]}
    with pytest.raises(ToolFailed, match="not one address"):
        place.call("send_mail", {"to": "a@b.example, c@d.example", "subject": "", "text": ""})


def test_an_event_ends_after_it_begins() -> None:
    place = calendar.open_environment(calendar.Options())
    times = {"day": "Monday", "begins": "10:00", "ends": "09:00"}
    with pytest.raises(ToolFailed, match="begins before it ends"):
        place.call("add_event", {"title": "x", **times})
    assert place.call("add_event", {"title": "x", **times, "ends": "11:00"}) == "added new-1"


def test_a_form_takes_its_own_fields() -> None:
    place = web.open_environment(web.Options({"https://a.example": "One page"}, {"https://a.example": ("name",)}))
    assert place.call("find_pages", {"words": "page ONE"}) == "https://a.example"
    with pytest.raises(ToolFailed, match="fields are name"):
        place.call("submit_form", {"url": "https://a.example", "fields": {"other": "x"}})
    place.call("submit_form", {"url": "https://a.example", "fields": {"name": "x"}})
    assert place.state() == {"submitted": [{"url": "https://a.example", "fields": {"name": "x"}}]}


def test_a_ticket_has_known_states() -> None:
    place = tickets.open_environment(tickets.Options({"t1": {"title": "a", "text": "b"}}))
    with pytest.raises(ToolFailed, match="one of open, waiting, closed"):
        place.call("set_ticket", {"id": "t1", "field": "status", "value": "gone"})


def test_a_market_keeps_its_books() -> None:
    options = market.Options({"OAK": 1000, "ELM": 500}, days=3, cash=2000, seed=4, shocks={"3": {"OAK": 50}})
    place, courses = market.open_environment(options), market.prices(options)
    place.call("buy_shares", {"symbol": "OAK", "count": 2})
    place.call("wait_a_day", {})
    place.call("wait_a_day", {})
    assert place.state()["worth"] == 2 * courses["OAK"][2] < 1200
    for tool, count in (("buy_shares", 5), ("sell_shares", 3), ("buy_shares", 0), ("sell_shares", -1)):
        with pytest.raises(ToolFailed):
            place.call(tool, {"symbol": "OAK", "count": count})
    with pytest.raises(ToolFailed, match="last day"):
        place.call("wait_a_day", {})


def test_shares_are_sold_for_what_they_cost_that_day() -> None:
    place = market.open_environment(market.Options({"OAK": 1000}, shares={"OAK": 3}))
    place.call("sell_shares", {"symbol": "OAK", "count": 3})
    assert (place.state()["cash"], place.state()["trades"]) == (3000, 1)
