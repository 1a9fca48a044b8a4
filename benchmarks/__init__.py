"""Figures beside their baselines; each module is a command."""
