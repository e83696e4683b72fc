"""Collections as the server's REST interface configures them: validation, defaults, changes, and the parsed form that the engine reads."""
