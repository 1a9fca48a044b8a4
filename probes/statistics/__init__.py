"""What the figures of a run are worth: estimates with intervals, comparisons in pairs, and how often all repeats pass.

The question is what is sampled, not the attempt: repeats sharpen a question's own mean and no more, and questions of
one family share their error.
"""
