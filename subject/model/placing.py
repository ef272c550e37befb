"""Where a model's weights are held: a device, or several by a map."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from layerclaims.errors import InputError


@dataclass(frozen=True)
class Placing:
    """Placement of the weights: on one device, or by accelerate's map over devices, memory and disk."""

    device: torch.device
    by_map: bool
    max_memory: dict[str, int] | None
    offload_folder: Path

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for transformers."""
        if not self.by_map:
            return {}
        return {
            "device_map": "auto",
            "max_memory": self.max_memory,
            "offload_folder": str(self.offload_folder),
        }

    def places(self, model: Any) -> dict[str, int] | None:
        """Count a loaded model's modules by the place that accelerate's map gave them."""
        if not self.by_map:
            return None
        return dict(Counter(str(place) for place in getattr(model, "hf_device_map", {}).values()))


def choose_device(name: str) -> torch.device:
    """Return the named device, or the best available one.

    Raises
    ------
    InputError
        If the named device does not exist on this machine.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            "--device {name} cannot be used ({reason}); auto takes what is there", name=name, reason=reason
        ) from None
    return device
