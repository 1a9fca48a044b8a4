"""Errands in a drawer of notes."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.script import Call, does


def moved_meeting(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a meeting to be moved in one note among ``notes``; nothing else may change."""
    hosts, towns = people(dice, parameters["notes"]), places(dice, parameters["notes"])
    old, new = dice.sample(range(9, 18), 2)
    notes = {
        f"Visit to {town}": f"Host: {host}\nRoom: {dice.randint(100, 399)}\nBegins at {old}:00"
        for host, town in zip(hosts, towns, strict=True)
    }
    chosen = dice.randrange(len(hosts))
    title = f"Visit to {towns[chosen]}"
    changed = notes[title].replace(f"{old}:00", f"{new}:00")
    look = [Call("list_notes"), Call("read_note", {"title": title})]
    return Made(
        values={"host": hosts[chosen], "new": new},
        expected={"state": {"notes": {"notes": {**notes, title: changed}}}},
        reference=does([*look, Call("write_note", {"title": title, "text": changed})], "Done."),
        wrong=does([*look, Call("write_note", {"title": title, "text": f"Begins at {new}:00"})], "Done."),
        environment={"notes": {"notes": notes}},
    )
