"""The front door: configuration, wiring, the night and the commands."""
