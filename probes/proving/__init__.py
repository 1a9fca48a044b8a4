"""Checking what was proved: algebra, formulas, deductions and finite structures, each read by a grammar of its own.

What a model wrote is never evaluated as Python, and never handed to a parser that would: texts, nesting, exponents and
sizes are bounded, and what is past a bound is unreadable.
"""


class UnreadableError(ValueError):
    """A text that the grammar does not have, or that is past a bound; says where."""
