"""Filters and sort keys: messages and JSON -> rows of a shard."""
