"""Vectors: distances, the indexes that hold them, several targets, and moves."""
