"""Weights are placed on a device that is there."""

import pytest

from layerclaims.errors import InputError
from layerclaims.subject.model.placing import choose_device


@pytest.mark.parametrize("name", ["cuda:99", "tpu", "gpu please", "mps:7"])
def test_a_device_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"--device {name} cannot be used"):
        choose_device(name)
