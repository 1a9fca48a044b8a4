"""The whole of a work on demand: a paper's HTML or PDF, an article, a model card, a README.

What nothing longer can be had of is told as its source told it, with the reason; a failure is never an exception.
"""

from feeds.full_text.reading import reader

__all__ = ["reader"]
