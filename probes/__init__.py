"""A new model meets the question stack: questions, environments, scorers, the run and its journal.

``Question → Instance → Attempt → Grade → ProbeRun``. Imports ``core`` only: the model arrives as ``core.lm.Complete``.
"""
