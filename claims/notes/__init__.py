"""Notes on claims: each measures one alternative to the document's explanation and says how it came out.

Declared with the claims that they are about. They are written about the run's own measurement, whose last
level is before the final norm and whose bins are of equal width.
"""

HALF = 0.5
"""From here on a share of a decline or of a (logarithmic) growth is called most of it."""
