"""The same messages to every backend: requests and replies without models and sessions."""
