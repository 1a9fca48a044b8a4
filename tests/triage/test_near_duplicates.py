"""Which pairs are compared, and what a group may not hold."""

import random
import time
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from core.identity import catalogue
from core.types import Item
from triage.groups import Groups
from triage.near_duplicates import likely_copies


def paper(item_id: str, text: str) -> Item:
    return Item(item_id, "paper", "On lamps", "https://lantern.example/", text)


def crowd(count: int) -> list[Item]:
    chance = random.Random(7)
    words = [f"word{number}" for number in range(20 * count)]
    texts = [" ".join(chance.choices(words, k=80)) for _ in range(count)]
    pages = [paper(f"https://a.example/{number}", text) for number, text in enumerate(texts)]
    return pages + [paper(f"https://b.example/{number}", text[: len(text) // 2]) for number, text in enumerate(texts)]


def test_every_shortened_copy_is_found_and_hardly_a_pair_more() -> None:
    pairs = {(one.id, other.id) for one, other in likely_copies(crowd(200))}
    assert {(f"https://a.example/{n}", f"https://b.example/{n}") for n in range(200)} <= pairs
    assert len(pairs) < 1000  # of 79,800


def test_ten_times_the_items_take_no_hundred_times_as_long() -> None:
    def took(items: list[Item]) -> float:
        started = time.process_time()
        likely_copies(items)
        return time.process_time() - started

    few, many = crowd(100), crowd(1000)
    assert min(took(many) for _ in range(3)) < 40 * min(took(few) for _ in range(3))


IDS = st.sampled_from([f"{place}{n}" for place in ("arxiv:", "hf:", "https://a.example/") for n in range(4)])
ITEMS = st.lists(
    st.builds(paper, IDS, st.lists(st.sampled_from("wick oil glass flame brass".split())).map(" ".join)),
    unique_by=lambda one: one.id,
)


@given(ITEMS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_catalogues_are_kept_apart(items: list[Item], chance: random.Random) -> None:
    pairs = likely_copies(items)
    assert pairs == likely_copies(chance.sample(items, len(items)))
    assert all(one.id < other.id for one, other in pairs)
    assert all(catalogue(one.id) != catalogue(other.id) or not catalogue(one.id) for one, other in pairs)


NAMES = st.sampled_from("abcdefgh")


@given(
    st.dictionaries(NAMES, st.dictionaries(st.sampled_from("xy"), st.integers(0, 2)), min_size=2),
    st.lists(st.tuples(NAMES, NAMES)),
)
def test_group_never_holds_two_values_in_one_slot(
    slots: dict[str, dict[str, int]], pairs: list[tuple[str, str]]
) -> None:
    groups = Groups(slots)
    joined = [pair for pair in pairs if set(pair) <= slots.keys() and groups.join(*pair)]
    assert all(groups.of(one) == groups.of(other) for one, other in joined)
    for one, other in combinations(slots, 2):
        if groups.of(one) == groups.of(other):
            assert all(slots[one][slot] == slots[other][slot] for slot in slots[one].keys() & slots[other].keys())
