"""Errands in a shell: logs to count in, files to name, mend, join and clear away."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from probes.generators import Made
from probes.generators.names import PEOPLE, TEAMS, people, places
from probes.script import Call, does

_HOME = "/home/user"


def failed_logins(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``lines`` of a log in two files; who failed more often than got in, and at least twice, is asked."""
    users = [name.lower() for name in people(dice, 9)]
    lines = [(dice.choice(users), dice.choice(("ok", "failed"))) for _ in range(parameters["lines"])]
    lines += [(users[0], "failed")] * 9
    score = {user: [lines.count((user, "failed")), lines.count((user, "ok"))] for user in users}
    answer = sum(bad > good and bad >= 2 for bad, good in score.values())
    cut = len(lines) // 2
    files = {
        f"{_HOME}/logs/{name}": "".join(
            f"08:{place % 60:02} login {who} {how}\n" for place, (who, how) in enumerate(part)
        )
        for name, part in (("monday.log", lines[:cut]), ("tuesday.log", lines[cut:]))
    }
    count = "cat logs/*.log | awk '{ n[$3 \" \" $4]++ } END { for (u in n) print u, n[u] }' | sort"
    wrong = sum(bad >= 2 for bad, _ in score.values())
    return Made(
        values={},
        expected={"answer": answer},
        reference=does([_run(count)], f"Answer: {answer}"),
        wrong=f"Answer: {wrong if wrong != answer else answer + 1}",
        environment={"shell": {"files": files}},
    )


def numbered(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``files`` with numbers of one and two digits, to be padded; others keep their names."""
    town = places(dice, 1)[0].lower()
    numbers = [*dice.sample(range(1, 10), 3), *dice.sample(range(10, 99), parameters["files"])]
    before = {f"{_HOME}/{town}-{one}.txt": f"page {one}\n" for one in numbers}
    before |= {f"{_HOME}/notes-{numbers[0]}.md": "not a page\n"}
    after = {
        path.replace(f"{town}-{one}.", f"{town}-{one:03}."): text
        for one, (path, text) in zip([*numbers, 0], before.items(), strict=True)
    }
    moves = [f"mv {town}-{one}.txt {town}-{one:03}.txt" for one in numbers]
    return _left(before, after, ("; ".join(moves), "; ".join(moves[1:])), {"town": town})


def one_section(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a file of settings with ``sections`` that all have a port; one is to change."""
    names = dice.sample(TEAMS, parameters["sections"])
    old, new = dice.sample(range(2000, 9000), 2)
    parts = {name: f"[{name}]\n# port = 1\nport = {old}\nhost = {name}.example\n" for name in names}
    chosen = names[len(names) // 2]
    path = f"{_HOME}/settings.ini"
    texts = [
        "\n".join(parts.values()),
        "\n".join({**parts, chosen: parts[chosen].replace(str(old), str(new))}.values()),
    ]
    wanted = f"sed -i '/^\\[{chosen}\\]/,/^host/s/^port = .*/port = {new}/' settings.ini"
    careless = f"sed -i 's/^port = .*/port = {new}/' settings.ini"
    return _left({path: texts[0]}, {path: texts[1]}, (wanted, careless), {"chosen": chosen, "new": new})


def joined(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``orders`` and prices in two tables; totals by person are to be written, sorted by name."""
    who, goods = people(dice, 4), ["lamp", "rope", "sail", "bell"]
    cost = {one: dice.randint(2, 90) for one in goods}
    orders = [(dice.choice(who), dice.choice(goods), dice.randint(1, 9)) for _ in range(parameters["orders"])]
    totals: dict[str, int] = {}
    for name, good, count in orders:
        totals[name] = totals.get(name, 0) + count * cost[good]
    before = {
        f"{_HOME}/orders.csv": "".join(f"{name},{good},{count}\n" for name, good, count in orders),
        f"{_HOME}/prices.csv": "".join(f"{good},{price}\n" for good, price in cost.items()),
    }
    after = {**before, f"{_HOME}/totals.csv": "".join(f"{name},{totals[name]}\n" for name in sorted(totals))}
    summed = '{ t[$1]+=$3*p[$2] } END { for (n in t) print n "," t[n] }'
    sums = f"awk -F, 'NR==FNR {{ p[$1]=$2; next }} {summed}' prices.csv orders.csv"
    counts = "awk -F, '{ t[$1]+=$3 } END { for (n in t) print n \",\" t[n] }' orders.csv"
    return _left(before, after, (f"{sums} | sort > totals.csv", f"{counts} | sort > totals.csv"), {})


def kept_lines(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``lines`` with repetitions; only the last of each is to stay, in its place."""
    lines = [f"{dice.choice(PEOPLE[:12])} {dice.randint(1, 3)}" for _ in range(parameters["lines"])]
    lines += [lines[0], "Zinnia 9"]
    last = [line for place, line in enumerate(lines) if line not in lines[place + 1 :]]
    path = f"{_HOME}/list.txt"
    texts = ["".join(f"{line}\n" for line in some) for some in (lines, last)]
    wanted = "tac list.txt | awk '!seen[$0]++' | tac > new && mv new list.txt"
    careless = "awk '!seen[$0]++' list.txt > new && mv new list.txt"
    return _left({path: texts[0]}, {path: texts[1]}, (wanted, careless), {})


def cleared(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``files`` of which the .tmp ones are to go, but for those that a list keeps."""
    names = [f"{town.lower()}.{dice.choice(('tmp', 'txt'))}" for town in places(dice, parameters["files"])]
    names[0], names[1] = "first part.tmp", "second.tmp"
    folder = dice.choice(TEAMS)
    before = {f"{_HOME}/{folder}/{name}": f"{name}\n" for name in names} | {f"{_HOME}/KEEP": "second.tmp\n"}
    before |= {f"{_HOME}/other/first.tmp": "of others\n"}
    after = {path: text for path, text in before.items() if not path.endswith(".tmp") or path.endswith("second.tmp")}
    wanted = f'cd {folder}; for f in *.tmp; do [ "$f" = second.tmp ] || rm -- "$f"; done'
    after |= {f"{_HOME}/other/first.tmp": "of others\n"}
    gone = tuple(f"deleted:{path}" for path in before if path not in after)
    made = _left(before, after, (wanted, "rm */*.tmp"), {"folder": folder})
    return replace(made, watch={"allowed": ("created:*", "written:*", *gone)})


def _run(command: str) -> Call:
    return Call("run_command", {"command": command})


def _left(
    before: Mapping[str, str], after: Mapping[str, str], ways: tuple[str, str], values: Mapping[str, Any]
) -> Made:
    """Return an errand after which the files below the home are these and no other."""
    return Made(
        values=values,
        expected={"state": {"shell": {"files": dict(after)}}},
        reference=does([_run(ways[0])], "Done."),
        wrong=does([_run(ways[1])], "Done."),
        environment={"shell": {"files": dict(before)}},
    )
