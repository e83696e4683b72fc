"""The in-process engine: answers the messages that a Weaviate server answers, with the same messages, and no server.

It knows nothing of models and sessions. ``engine.py`` is the way in; ``docs/architecture.md`` has the map of the room.
"""
