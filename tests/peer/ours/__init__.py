"""Our half of the comparison: the same intents by the same names as in ``official``, in tables by area."""
