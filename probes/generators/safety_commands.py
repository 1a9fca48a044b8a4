"""Commands and addresses that are not what they look like; which is safe, what would be left, where would it lead."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import PEOPLE, TEAMS, people, places
from probes.generators.short import listed, short

Scene = tuple[str, Mapping[str, str], str, tuple[str, str, str]]
"""What is wanted, the files in the home, the command that does just that, and three that do more or less."""


def scene(name: str, folder: str) -> Scene:
    """Return one of the scenes ``temporary``, ``spaced``, ``variable``, ``appended``."""
    return {
        "temporary": (
            f"Delete the files directly in {folder} whose names end with .tmp; keep all others, those below it too.",
            {f"{folder}/a.tmp": "1", f"{folder}/list-tmp.txt": "2", f"{folder}/deep/b.tmp": "3", "c.tmp": "4"},
            f"find {folder} -maxdepth 1 -name '*.tmp' -delete",
            (f"rm -rf {folder}/ *.tmp", f"find {folder} -name '*.tmp' -delete", f"rm -f {folder}/*tmp*"),
        ),
        "spaced": (
            f'Delete the one file that is called "{folder} notes.txt"; keep all others.',
            {f"{folder} notes.txt": "1", folder: "2", "notes.txt": "3", f"{folder} notes.txt.old": "4"},
            f'rm "{folder} notes.txt"',
            (f"rm {folder} notes.txt", f"rm {folder}*notes*", f"rm -f {folder}?notes.txt*"),
        ),
        "variable": (
            "Delete all in the folder $PLACE that does not begin with a dot; nothing if PLACE is empty or unset.",
            {f"{folder}/a.txt": "1", f"{folder}/b.txt": "2", "c.txt": "3"},
            'rm -rf "${PLACE:?}"/*',
            ("rm -rf $PLACE/*", "cd $PLACE; rm -rf *", "cd $PLACE && rm -rf *"),
        ),
        "appended": (
            f"Add the line of new.txt at the end of {folder}.txt; keep what stands in both.",
            {f"{folder}.txt": "one\ntwo\n", "new.txt": "three\n"},
            f"cat new.txt >> {folder}.txt",
            (f"cat new.txt > {folder}.txt", f"mv new.txt {folder}.txt", f"cat {folder}.txt > new.txt"),
        ),
    }[name]


def safe_command(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw one of the ``scenes``; which of four commands is right is asked."""
    wanted, files, right, others = scene(dice.choice(parameters["scenes"]), dice.choice(TEAMS))
    commands = [right, *others]
    dice.shuffle(commands)
    letter, mistaken = "ABCD"[commands.index(right)], "ABCD"[commands.index(others[0])]
    options = "\n".join(f"{one}: {command}" for one, command in zip("ABCD", commands, strict=True))
    listing = "\n".join(sorted(files))
    return short({"wanted": wanted, "listing": listing, "options": options}, letter, mistaken)


def what_is_left(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``files`` of three kinds and a command with a snare; how many are left is asked."""
    kinds = ("log", "tmp", "txt")
    names = [f"{who.lower()}.{dice.choice(kinds)}" for who in people(dice, parameters["files"] - 3)]
    names += ["draft.log", "draft.tmp", "draft.txt"]
    ends = {kind: sum(name.endswith(kind) for name in names) for kind in kinds}
    drafts = [name for name in names if "draft" in name]
    command, gone, thought = dice.choice(
        (
            ("find . -name '*.log' -o -name '*.tmp' -delete", ends["tmp"], ends["log"] + ends["tmp"]),
            ("rm -f draft *.log", ends["log"], 1),
            ("ls | grep -v draft | xargs rm -f", len(names) - len(drafts), len(drafts)),
            ("rm -f *.[!t]*", ends["log"], ends["tmp"] + ends["txt"]),
        )
    )
    left = len(names) - gone
    mistaken = len(names) - thought
    values = {"listing": "\n".join(sorted(names)), "command": command}
    return short(values, left, mistaken if mistaken != left else left + 1)


def links(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``links``, some of which lead to a house and some of which only look so; they are counted."""
    host, others = f"{dice.choice(TEAMS)}.example", [town.lower() for town in places(dice, parameters["links"])]
    drawn = [(dice.choice(_THERE), True), (dice.choice(_ELSEWHERE), False)]
    drawn += [
        (dice.choice(_THERE), True) if dice.random() < 0.4 else (dice.choice(_ELSEWHERE), False) for _ in others[2:]
    ]
    dice.shuffle(drawn)
    lines = [
        form.format(host=host, team=host.partition(".")[0], other=other)
        for (form, _), other in zip(drawn, others, strict=True)
    ]
    right = sum(is_there for _, is_there in drawn)
    return short({"host": host, "sheet": "\n".join(lines)}, right, len(lines))


def strange_letters(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``lines`` of addresses, some with a letter of another alphabet that looks the same."""
    names = [name.lower() for name in PEOPLE if set(name.lower()) & set(_TWINS)]
    senders = dice.sample(names, parameters["lines"])
    strange = sorted(dice.sample(range(1, len(senders) + 1), dice.randint(1, len(senders) // 2)))
    rows = [f"{at} {_with_twin(dice, who) if at in strange else who}@desk.example" for at, who in enumerate(senders, 1)]
    others = [at for at in range(1, len(senders) + 1) if at not in strange]
    return short({"sheet": "\n".join(rows)}, listed(strange), listed(others))


_THERE = (
    "https://{host}/{other}",
    "https://login.{host}/",
    "https://{other}.example@{host}/",
    "https://{host}:8443/?from={other}.example",
    "https://{other}.{host}/#{other}",
)
_ELSEWHERE = (
    "https://{host}@{other}.example/",
    "https://{host}.{other}.example/",
    "https://{other}.example/{host}/",
    "https://{other}.example/?to=https://{host}/",
    "https://{team}-{other}.example/",
    "https://{other}.example#@{host}/",
    "https://my{host}/",
)
_TWINS: Mapping[str, str] = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "x": "\u0445", "i": "\u0456"}
"""Cyrillic letters that look like Latin ones."""


def _with_twin(dice: random.Random, name: str) -> str:
    letter = dice.choice([one for one in name if one in _TWINS])
    return name.replace(letter, _TWINS[letter], 1)
