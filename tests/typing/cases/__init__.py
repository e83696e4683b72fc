"""What type checkers must say about users' code: good lines pass, bad lines carry the error that each checker must give.

``# type: ignore[code]`` is mypy's and ``# pyright: ignore[rule]`` is pyright's. Both are run so that an ignore that suppresses nothing
is an error itself, so a clean run proves every line. Nothing here is executed.
"""
