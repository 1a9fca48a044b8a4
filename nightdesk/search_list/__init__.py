"""The interactive search: a list that is searched while one types.

``typed`` reads what was typed, ``session`` asks the base, ``app`` and ``item_screen`` are what one sees and presses.
"""
