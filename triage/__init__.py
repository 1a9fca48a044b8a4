"""The agent that reads: which subjects is an item of, is it worth reading, what does it say."""
