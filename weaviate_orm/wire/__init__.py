"""Compiling and hydrating: clauses to messages and messages to results, both directions side by side.

A compile function gives a ``Call[R]``: a request and how to read its reply. Nothing here sends it.
"""
