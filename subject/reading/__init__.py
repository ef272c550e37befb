"""Choose windows and read the activations of their tokens."""
