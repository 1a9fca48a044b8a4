"""The contract of every environment, and of several side by side."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from probes.environments import environment, environments, options_of
from probes.environments.notes import Notes
from probes.world import Environment, ToolFailed, World

every_environment = pytest.mark.parametrize("name", environments())
WORDS = st.text("ab", max_size=3)
CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("write_note"), st.fixed_dictionaries({"title": WORDS, "text": WORDS})),
        st.tuples(st.sampled_from(["read_note", "delete_note"]), st.fixed_dictionaries({"title": WORDS})),
        st.tuples(st.just("list_notes"), st.just({})),
    ),
    max_size=12,
)


def opened(name: str) -> Environment:
    return environment(name).open_environment(options_of(name, {}))


def tried(world: Environment | World, tool: str, arguments: dict[str, object]) -> str:
    try:
        return world.call(tool, arguments)
    except ToolFailed as failure:
        return f"failed: {failure}"


@every_environment
def test_tools_have_a_schema(name: str) -> None:
    for tool in opened(name).tools:
        assert tool.description
        assert tool.parameters["type"] == "object"
        assert set(tool.parameters.get("required", ())) <= set(tool.parameters["properties"])


def test_tools_are_called_differently_everywhere() -> None:
    World({name: opened(name) for name in environments()})


@every_environment
def test_what_no_schema_allows_fails_as_a_tool(name: str) -> None:
    for tool in opened(name).tools:
        nothing: dict[str, object] = dict.fromkeys(tool.parameters["properties"])
        unknown: dict[str, object] = {"nonsense": 1}
        for arguments in ({}, unknown, nothing):
            tried(opened(name), tool.name, arguments)


@every_environment
def test_state_and_effects_are_values(name: str) -> None:
    place = opened(name)
    before = json.dumps(place.state(), sort_keys=True)
    for tool in place.tools:
        tried(place, tool.name, dict.fromkeys(tool.parameters["properties"], "x"))
    json.dumps(place.state())
    assert json.dumps(opened(name).state(), sort_keys=True) == before


@every_environment
def test_a_snapshot_is_come_back_to(name: str) -> None:
    place, twin = opened(name), opened(name)
    kept, before = place.snapshot(), json.dumps(place.state())
    for tool in place.tools:
        tried(place, tool.name, dict.fromkeys(tool.parameters["properties"], "x"))
    after = json.dumps(place.state())
    place.restore(kept)
    assert json.dumps(place.state()) == before
    twin.restore(kept)
    for tool in twin.tools:
        tried(twin, tool.name, dict.fromkeys(tool.parameters["properties"], "x"))
    assert json.dumps(twin.state()) == after


@settings(max_examples=30)
@given(CALLS, CALLS)
def test_a_world_does_the_same_again_from_a_snapshot(first: list, second: list) -> None:  # type: ignore[type-arg]
    world = World({"notes": Notes({"notes": {"a": "one"}})})
    for call in first:
        tried(world, *call)
    kept = world.snapshot()
    once = [tried(world, *call) for call in second], world.state(), world.acts()
    world.restore(kept)
    assert ([tried(world, *call) for call in second], world.state(), world.acts()) == once


def test_acts_tell_what_was_done_and_what_was_refused() -> None:
    world = World({"notes": Notes({"notes": {"a": "one"}})})
    for call in (("delete_note", {"title": "a"}), ("delete_note", {"title": "a"}), ("launch", {})):
        tried(world, *call)  # type: ignore[arg-type]
    first, second, third = world.acts()
    assert [(effect.kind, effect.target) for effect in first.effects] == [("deleted", "a")]
    assert (second.effects, second.refused) == ((), "'a' is not among the notes")
    assert third.refused == "no such tool"
    assert world.state() == {"notes": {"notes": {}}}


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="tool of the same name"):
        World({"one": opened("notes"), "two": opened("notes")})


def test_an_unknown_environment_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"unknown environment 'moon'; there are .*notes"):
        environment("moon")
