"""What a model's configuration says about how the weights in its files are quantised."""

from collections.abc import Callable
from typing import Any

from transformers.quantizers.auto import AutoHfQuantizer


def is_described(config: Any) -> bool:
    """Tell whether transformers knows what quantised weights stand for; an unknown method it passes over."""
    described = getattr(config, "quantization_config", None)
    entries = described if isinstance(described, dict) or not described else described.to_dict()
    knows: Callable[[Any], bool] = AutoHfQuantizer.supports_quant_method
    return bool(entries) and knows(entries)


def quantization(model: Any, config: Any) -> str | None:
    """Name the method by which the weights in the files are quantised, and say whether that was undone."""
    described = getattr(config, "quantization_config", None)
    if not described:
        return None
    method = described.get("quant_method") if isinstance(described, dict) else described.quant_method
    name = str(getattr(method, "value", method))
    return name if getattr(model, "is_quantized", False) else f"{name}, dequantised"
