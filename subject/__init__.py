"""Get from a name to activations: model, text, forward pass, cache."""
