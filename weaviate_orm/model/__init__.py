"""Declaring: model classes, the descriptors of their fields, and ``ModelInfo``, what the rest of the library knows of a model.

``info.py`` is the only reader of pydantic's internals. Nothing here does I/O or knows protobuf.
"""
