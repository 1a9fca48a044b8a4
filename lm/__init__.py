"""Language models over the wire: two protocols, one policy of attempts, a budget, answers in form, the agent's turns.

Imports ``core`` only; the SDKs are loaded when a wire is opened.
"""
