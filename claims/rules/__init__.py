"""How each claim is decided: functions from a `Measurement` to a `Decision`, free of pytest.

The same rule decides a claim on the subject, on its controls, under every other specification and on
synthetic activations of known truth.
"""
