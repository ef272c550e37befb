"""Store activations in files and in the cache."""
