"""The version of this library, and of the server that it is built and tested with."""

__version__ = "0.1.0"

SERVER_VERSION = "1.39.3"
