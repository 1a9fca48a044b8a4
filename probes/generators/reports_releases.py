"""Reports on software: what is in a release, whom it hits, and what is to be done in which order."""

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from probes.generators import Made
from probes.generators.names import TEAMS, people
from probes.generators.reporting import bullets, reported, rising, table

_CHANGES = (
    ("feat", "search inside archives"), ("feat", "dark pages"), ("feat", "export of calendars"),
    ("feat", "sorting by size"), ("feat", "undo of deletions"), ("fix", "crash on empty folders"),
    ("fix", "wrong dates in leap years"), ("fix", "lost cursor after paste"), ("fix", "missing icons"),
    ("fix", "slow start without a network"),
)  # fmt: skip
_INSIDE = (
    "chore: new build machine",
    "test: more cases",
    "refactor: shorter parser",
    "ci: two cores",
    "docs: typing error",
)
_VERBS = ("convert", "reindex", "unlock", "compact", "rename", "verify", "detach", "import")
_STEPS = ("stop the intake", "copy the shelf", "turn the keys", "mount the drive", "seal the vault", "warm the cache",
          "drain the queue", "swap the cables", "lift the gate", "ring the desk")  # fmt: skip


def changelog(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``changes``, of which some are reverted and one of these is made again, among commits of no concern."""
    count = parameters["changes"]
    changes = dice.sample(_CHANGES, count)
    numbers = dice.sample(range(100, 999), 2 * count + len(_INSIDE))
    log = [f"{kind}: {what} (#{number})" for (kind, what), number in zip(changes, numbers, strict=False)]
    reverted = set(dice.sample(range(count), max(1, count // 3)))
    again = dice.choice(sorted(reverted)) if parameters["again"] else None
    lines = [*log, *(f"{told} (#{number})" for told, number in zip(_INSIDE, reversed(numbers), strict=False))]
    lines = dice.sample(lines, len(lines))
    lines += [f'Revert "{log[place]}"' for place in sorted(reverted)]
    kept = {place: numbers[place] for place in range(count) if place not in reverted}
    if again is not None:
        kept[again] = numbers[count + again]
        lines.append(f"{changes[again][0]}: {changes[again][1]}, second attempt (#{kept[again]})")
    lines = [f"{dice.getrandbits(28):07x} {line}" for line in lines]
    sections = {
        title: {"any_order": [[f"#{number}"] for place, number in kept.items() if changes[place][0] == kind]}
        for title, kind in (("Added", "feat"), ("Fixed", "fix"))
    }
    expected = {"headings": list(sections), "sections": sections, "lacks": [line[:7] for line in lines]}
    all_of_them = dict(enumerate(numbers[:count]))
    return reported(lines, expected, (_listed(changes, kept), _listed(changes, all_of_them)))


def _listed(changes: Sequence[tuple[str, str]], kept: Mapping[int, int]) -> str:
    parts = []
    for title, kind in (("Added", "feat"), ("Fixed", "fix")):
        own = (
            f"{changes[place][1].capitalize()} (#{number})"
            for place, number in kept.items()
            if changes[place][0] == kind
        )
        parts.append(f"## {title}\n{bullets(own)}")
    return "\n\n".join(parts)


def advisory(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a fleet of ``hosts`` with versions; those from one version up to another are hit, and 2.10 follows 2.9."""
    team, minor = dice.choice(TEAMS), dice.randint(7, 8)
    low, high = (2, minor, dice.randint(1, 4)), (2, 10, dice.randint(3, 6))
    edges = [low, high, (2, 10, high[2] - 1), (2, minor, low[2] - 1), (2, 10, high[2] + 5), (2, 1, 12)]
    others = [(2, dice.randint(1, 12), dice.randint(0, 9)) for _ in range(parameters["hosts"] - len(edges))]
    versions = dice.sample([*edges, *others], parameters["hosts"])
    hosts = dice.sample(
        [f"{name}{place}" for name in ("mill", "pier", "dock", "yard") for place in range(1, 9)], len(versions)
    )
    owners = dict(zip(hosts, dice.choices(people(dice, 5), k=len(hosts)), strict=True))
    fleet = dict(zip(hosts, versions, strict=True))
    lines = [f"{host}: {team} {_dotted(its)}, kept by {owners[host]}" for host, its in fleet.items()]
    lines.append(f"Hit are {team} {_dotted(low)} and later; {_dotted(high)} is the first that is mended.")
    hit = [host for host in sorted(hosts) if low <= fleet[host] < high]
    mistaken = [host for host in sorted(hosts) if _dotted(low) <= _dotted(fleet[host])]
    columns = ("Host", "Version", "Owner")
    tables = [[[host, _dotted(fleet[host]), owners[host]] for host in way] for way in (hit, mistaken)]
    expected = {"columns": list(columns), "rows": tables[0]}
    return reported(lines, expected, (table(columns, tables[0]), table(columns, tables[1])))


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def steps(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``steps`` whose order follows from remarks, some of them of no use; each has its minutes."""
    order = dice.sample(_STEPS, parameters["steps"])
    times = dict(zip(order, dice.sample(range(3, 60), len(order)), strict=True))
    pairs = [*pairwise(order), *(_two(dice, order) for _ in range(len(order) // 2))]
    told = [
        dice.choice((f"Before you {later}, {first}.", f"You may {later} only once you did this: {first}."))
        for first, later in dict.fromkeys(pairs)
    ]
    told += [f"To {one} takes {its} minutes." for one, its in times.items()]
    items = [[one, times[one]] for one in order]
    swapped = [order[1], order[0], *order[2:]]
    good, bad = (
        "\n".join(f"{at}. {one.capitalize()} ({times[one]} minutes)" for at, one in enumerate(way, 1))
        for way in (order, swapped)
    )
    derived = [*range(1, len(order) + 1), sum(times.values())]
    expected = {"items": items, "derived": derived}
    return reported(dice.sample(told, len(told)), expected, (good, bad))


def _two(dice: random.Random, order: Sequence[str]) -> tuple[str, str]:
    first, later = sorted(dice.sample(range(len(order)), 2))
    return order[first], order[later]


def upgrade(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the upgrade notes of ``releases``, one of them withdrawn; asked are the commands for whoever has one."""
    count, major = parameters["releases"], dice.randint(2, 4)
    releases = [f"{major}.{minor}" for minor in rising(dice, count, range(1, 30))]
    commands = [f"desk {verb} --since {one}" for verb, one in zip(dice.sample(_VERBS, count), releases, strict=True)]
    notes = zip(releases, commands, strict=True)
    lines = [f"Whoever comes to {one} from an older release runs: {command}" for one, command in notes]
    start = dice.randrange(count - 2)
    harmful = dice.randrange(start + 1, count)
    lines.append(f"The command of {releases[harmful]} does harm and must not be run any more.")
    due = [command for place, command in enumerate(commands) if place > start and place != harmful]
    written = (bullets(f"`{command}`" for command in due), bullets(f"`{command}`" for command in commands[start:]))
    expected = {"items": [[command] for command in due]}
    return reported(dice.sample(lines, len(lines)), expected, written, start=releases[start], end=releases[-1])
