"""A script played in an instance's world, as a model would have done it: what references are tried with."""

from probes.attempt import Answer, ToolUse
from probes.instance import Instance
from probes.script import Call, Say, Script
from probes.world import ToolFailed, World


def rehearsed(instance: Instance, script: Script) -> Answer:
    """Return the answer of a scripted agent. A tool that fails is read and passed over, as by a model."""
    world = instance.open_world() if instance.open_world else World({})
    uses = tuple(_used(world, step) for step in script if isinstance(step, Call))
    texts = tuple(step.text for step in script if isinstance(step, Say))
    return Answer(texts[-1] if texts else "", texts, uses, world.state(), world.acts())


def _used(world: World, call: Call) -> ToolUse:
    try:
        return ToolUse(call.tool, call.arguments, world.call(call.tool, call.arguments))
    except ToolFailed as failure:
        return ToolUse(call.tool, call.arguments, str(failure), is_error=True)
