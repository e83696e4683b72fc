"""Calls that write: values are checked and completed, and become changes of the database."""
