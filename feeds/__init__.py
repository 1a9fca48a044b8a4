"""The world to Items: polls sources and turns what they answer into items.

A kind of source is one module in ``feeds.sources``; fetching, recordings and the choice of what is new are common.
"""
