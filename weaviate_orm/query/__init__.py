"""Asking, and the shape of answers: immutable clauses, the builder that collects them, and the result values.

Nothing here knows protobuf or does I/O. ``wire/`` turns a ``Statement`` into a request and a reply into the values of ``results.py``.
"""
