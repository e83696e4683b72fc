"""What is stored, in memory and in the file: columns, shards, collections, and the one way to change them."""
