"""The official client's half of the comparison: each intent in the client's own words, in tables by area.

Run as a program with two ports (``python -m official HTTP GRPC`` in the folder above) it sends them all, one request each, and prints the
names in the order of sending. It names no collection that ``ours.models`` or the zoo has not.
"""
