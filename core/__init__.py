"""The words every part of nightdesk shares: types, identity, errors and ports.

Standard library only, and no I/O.
"""
