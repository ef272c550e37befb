"""Tell which weights in a model's files are not used, and refuse those that belong to the measured part.

transformers loads what a configuration asks for and says nothing of the rest. Heads, extra prediction layers
and stored causal masks do not change hidden states. A scale, an adapter or a block that is left out does.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from layerclaims.errors import InputError
from layerclaims.message import Message, message
from layerclaims.subject.model.blocks import find_blocks
from layerclaims.subject.resolving.file_checks import MERGING
from layerclaims.subject.storage.description import UnusedWeights
from layerclaims.text import shorten

ADAPTER = re.compile(r"(^|\.)(lora|ia3|hada|lokr|oft|vera)_\w+|(^|\.)(base_layer|modules_to_save)\.")
SCALE = re.compile(r"absmax|quant_map|quant_state|SCB|qzeros|g_idx|scales?($|[._])|_scale|zero_point")
# Constants that older checkpoints keep beside their weights.
CONSTANT = re.compile(
    r"((^|\.)attn|attention)\.bias$|(^|\.)(masked_bias|inv_freq|position_ids|(cos|sin)_cached)$"
)
# Configuration entries that count the layers behind the last block that predict further tokens.
EXTRA_LAYERS = ("num_nextn_predict_layers", "num_mtp_layers", "mtp_num_layers")
EXAMPLES = 5
NAME_CHARACTERS, DIGITS_SHOWN = 150, 20
"""Of a weight's name and of a block's number, as they are recorded or told."""


@dataclass(frozen=True)
class MeasuredPart:
    """The measured part of a loaded model, with the names that its weights have in files.

    Attributes
    ----------
    model : torch.nn.Module
        The loaded model, with or without its head.
    part : torch.nn.Module
        The measured part of it.
    """

    model: Any
    part: Any

    @cached_property
    def path(self) -> str:
        """Name of the part inside the model, with a dot at its end; empty where it is the whole."""
        base = next(name for name, module in self.model.named_modules() if module is self.part)
        return f"{base}." if base else ""

    @cached_property
    def stack(self) -> tuple[str, int]:
        """Name of the main stack of blocks, with a dot at its end, and the number of its blocks."""
        blocks = find_blocks(self.part)
        if blocks is None:
            return "", 0
        return next(f"{name}." for name, module in self.part.named_modules() if module is blocks), len(blocks)

    @cached_property
    def leaves(self) -> set[str]:
        """Names of the modules that contain no others."""
        return {
            name
            for name, module in self.part.named_modules()
            if name and not any(True for _ in module.children())
        }

    def local_name(self, key: str) -> str | None:
        """Give a weight's name inside the part; `None` where it lies outside."""
        if not self.path:
            return self._spellings(key)[1]
        return next(
            (name[len(self.path) :] for name in self._spellings(key) if name.startswith(self.path)), None
        )

    def holds(self, key: str) -> bool:
        """Tell whether the model has a weight of this name."""
        return any(name in self._names for name in self._spellings(key))

    def _spellings(self, key: str) -> tuple[str, str, str]:
        """Give a name as it is, without and with the prefix that files of models with heads have."""
        prefix = f"{getattr(self.model, 'base_model_prefix', '')}."
        return key, key.removeprefix(prefix), f"{prefix}{key}"

    def is_parameter(self, key: str) -> bool:
        """Tell whether a weight of this name is multiplied with, unlike a mask or a list of positions."""
        return any(name in self._parameters for name in self._spellings(key))

    @cached_property
    def _parameters(self) -> set[str]:
        return {name for name, values in self.model.named_parameters() if values.is_floating_point()}

    @cached_property
    def _names(self) -> set[str]:
        return set(self.model.state_dict())

    def n_extra_layers(self) -> int:
        """Return how many layers behind the last block predict further tokens."""
        config = self.model.config.get_text_config()
        counts = (getattr(config, name, None) for name in EXTRA_LAYERS)
        return sum(count for count in counts if isinstance(count, int))


def check_unused(
    name: str, reported: Iterable[str], stored: Iterable[str], measured: MeasuredPart
) -> UnusedWeights:
    """Refuse unused weights that belong to the measured part, and count the others.

    Parameters
    ----------
    name : str
        The user's name of the model.
    reported : iterable of str
        Weights that transformers reports as not used.
    stored : iterable of str
        Names of all weights in the files; empty where they are not known.
    measured : MeasuredPart
        What was loaded.

    Raises
    ------
    InputError
        If an unused weight belongs to the measured part: the hidden states would be those of another model.
    """
    reported = sorted(reported)
    adapters = [key for key in reported if ADAPTER.search(key)]
    if adapters:
        raise InputError(
            "--model {name}: weights of an adapter lie among its weights ({n_adapters}) and "
            "would not be used, such as {adapter}: {advice}",
            name=name,
            n_adapters=len(adapters),
            adapter=adapters[0],
            advice=MERGING,
        )
    surplus = [(key, reason) for key in reported if (reason := _surplus(key, measured))]
    if surplus:
        # Scales first: without them every other weight is wrong.
        key, reason = min(surplus, key=lambda found: not SCALE.search(found[0]))
        raise InputError(
            "--model {name}: weights in its files would not be used ({n_surplus}), such as {key}, {reason}",
            name=name,
            n_surplus=len(surplus),
            key=key,
            reason=reason,
        )
    return summarise(
        {*reported, *(key for key in stored if not measured.holds(key) and _is_ignored(key, measured))}
    )


def summarise(names: Iterable[str]) -> UnusedWeights:
    """Count names, those of all blocks together."""
    counts = Counter(
        shorten(re.sub(r"(?<=\.)\d+(?=\.)", "N", name), NAME_CHARACTERS) for name in sorted(names)
    )
    return UnusedWeights(n=counts.total(), names=dict(counts.most_common(EXAMPLES)))


def _surplus(key: str, measured: MeasuredPart) -> Message | None:
    """Say why an unused weight belongs to the measured part; None where it does not."""
    local = measured.local_name(key)
    if local is None or CONSTANT.search(local) or "pooler" in local:
        return None
    stack, n_blocks = measured.stack
    number = re.match(rf"{re.escape(stack)}(\d+)\.", local) if stack else None
    if number and int(number[1]) >= n_blocks:
        if int(number[1]) < n_blocks + measured.n_extra_layers():
            return None
        return message(
            "which belongs to block {block} (from 0), and its configuration says {n_blocks} blocks",
            block=shorten(number[1], DIGITS_SHOWN),
            n_blocks=n_blocks,
        )
    parents = local.split(".")[:-1]
    if number or any(".".join(parents[: end + 1]) in measured.leaves for end in range(len(parents))):
        if SCALE.search(local):
            return message(
                "which quantisation scales other weights by: its config.json lacks the quantization_config "
                "that says how, restore it"
            )
        return message(
            "which its configuration does not know: config.json and weights do not belong together"
        )
    return None


def _is_ignored(key: str, measured: MeasuredPart) -> bool:
    """Tell whether transformers leaves a weight out without a word."""
    patterns = getattr(measured.model, "_keys_to_ignore_on_load_unexpected", None) or ()
    return bool(CONSTANT.search(key)) or any(re.search(pattern, key) for pattern in patterns)
