"""The Aggregate call: which objects, in which groups, and the numbers about them."""
