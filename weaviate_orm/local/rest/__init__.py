"""REST: one module a part of the interface, each with its routes."""
