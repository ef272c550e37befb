"""What is chosen where nobody chooses."""

from layerclaims.analysis.measurement.specification import Specification


def test_the_defaults_are_the_choices_of_a_plain_run() -> None:
    assert Specification() == Specification(
        bins=15,
        outlier_sd=5.0,
        estimator="equal_width",
        last_level="residual",
        counting="panel",
        n_resamples=1000,
        seed=0,
        block_length=None,
    )
