"""Text as tokens: how it is taken apart, the index of tokens, and keyword search."""
