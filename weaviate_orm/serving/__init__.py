"""The in-process engine behind real REST and gRPC ports, for clients in other processes and other languages.

The engine answers messages; this room only carries them. ``server.py`` owns the two ports and their life, ``rest.py`` and ``rpc.py``
decode and encode, ``access.py`` says who may come in. It knows nothing of models and sessions. uvicorn (extra ``cli``) and grpcio are
imported when a server starts, never with a module.
"""
