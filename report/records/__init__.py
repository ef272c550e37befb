"""The records of a run: evidence, baseline, and facts derived from them."""
