"""What a document says about a language model, as pytest assertions with an evidence report."""
