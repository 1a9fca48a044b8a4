"""Telling people: what a night brought, composed once and shown in several forms.

``compose`` decides what is told and where; every module named in ``forms.FORMS`` shows the ``Digest`` it returns.
All of it is pure: no I/O, no clock, and the same digest gives the same bytes.
"""
