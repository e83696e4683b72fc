"""What users say about fields: a frozen tree, and the typed operators that build it.

Nothing here knows of pydantic, protobuf or a server. ``nodes`` is the tree, ``operators`` the typed face of it, ``operands`` the check of
what a field is compared with, ``text`` the tree as readable text.
"""
