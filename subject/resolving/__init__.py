"""Find the model and the text that were named."""
