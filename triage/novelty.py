"""What is new: an item very near to one that the base holds is worth less, and less still where that one was told.

Nearness counts only where it says that the same is told again. Two papers on one topic reach a cosine of 0.75; two
releases with different version numbers reach 0.99, so that releases are compared by name.
"""

from datetime import date

from core.earlier import Earlier, Familiar
from core.release_names import release_name
from core.types import Item
from triage.lifts import NONE, Lift, named
from triage.same_releases import model_of

# Below the first, two papers are on one topic; from the second on, they tell the same.
_TOPIC, _SAME = 0.75, 0.95
_TOLD, _KNOWN = -2.0, -1.0
_WORTH_WORDS = -0.15


def novelty(item: Item, familiar: Familiar) -> Lift:
    """Lower an item that is near to an earlier one; the reason names that one."""
    told = _lift(item, familiar.told, _TOLD, "told on")
    known = _lift(item, familiar.known, _KNOWN, "known since")
    return min(told, known, key=lambda lift: lift.size)


def known_model(item: Item, familiar: Familiar) -> Earlier | None:
    """Return the earlier offer of the model that an item offers again, free or otherwise; None where it is no offer."""
    before = familiar.known
    if before is None or before.item_id == item.id or item.kind != "release":
        return None
    return before if model_of(before.item_id) == model_of(item.id) else None


def _lift(item: Item, earlier: Earlier | None, most: float, when: str) -> Lift:
    if earlier is None:
        return NONE
    size = most * _nearness(item, earlier)
    words = f"close to {named(earlier.title)}, {when} {day_of(earlier.night)}"
    return Lift(size, words if size <= _WORTH_WORDS else "")


def _nearness(item: Item, earlier: Earlier) -> float:
    """Return 0 for what shares no more than a topic, up to 1 for the same again."""
    near = min(max((earlier.similarity - _TOPIC) / (_SAME - _TOPIC), 0.0), 1.0)
    if item.kind == "release" and release_name(item.title) != release_name(earlier.title):
        return 0.0
    return near


def day_of(night: date) -> str:
    """Write a night as ``11 June``."""
    return f"{night.day} {night:%B}"
