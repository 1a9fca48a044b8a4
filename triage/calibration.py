"""The numbers that turn signals into the probability that an item is of a subject, and the bounds of the bands.

Fitted by logistic regression on arXiv papers of 2017, as many of fifteen categories that stand for subjects as of some
140 others, with none, five and twenty examples a subject from earlier years. The bounds are read from papers of 2018:
at CLEAR and above CLEAR_PRECISION of the matches are right, below OUT lie OUT_RECALL_LOSS of all right ones.
``python -m benchmarks.calibrate_classify`` prints them all.
"""

SIGNALS = ("one", "closeness", "of_examples", "likeness", "terms", "learned_terms", "in_title", "in_text")
WEIGHTS = (-4.07, 10.82, -1.33, 1.70, 9.72, 0.72, 0.71, 0.28)
CLEAR_PRECISION = 0.8
CLEAR = 0.59
OUT_RECALL_LOSS = 0.25
OUT = 0.10
# The closeness from which an item counts as near its subject; twice that is close.
NEAR = 0.15
