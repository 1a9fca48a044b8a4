"""Disjoint groups that know what they may not hold together."""

from collections.abc import Hashable, Mapping

Slots = Mapping[str, Hashable]


class Groups:
    """Groups of ids that grow by joining; each begins alone.

    An id may take slots with a value in each; a group never holds two values in one slot.
    """

    def __init__(self, slots: Mapping[str, Slots]) -> None:
        """Begin with a group for each id."""
        self._root = {member: member for member in slots}
        self._slots = {member: dict(taken) for member, taken in slots.items()}

    def of(self, member: str) -> str:
        """Return the id that stands for a member's group until the next joining."""
        while (root := self._root[member]) != member:
            self._root[member] = member = self._root[root]
        return member

    def join(self, one: str, other: str) -> bool:
        """Make two groups one, unless a slot speaks against it; return whether they are one now."""
        kept, gone = sorted((self.of(one), self.of(other)))
        if kept == gone:
            return True
        mine, theirs = self._slots[kept], self._slots[gone]
        if any(mine[slot] != theirs[slot] for slot in mine.keys() & theirs.keys()):
            return False
        mine |= theirs
        self._root[gone] = kept
        return True
