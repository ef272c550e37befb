"""Names, types, shapes and numbers that the tensors in a file of activations must have."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import EmbeddingControl
from layerclaims.analysis.pairs.pair_values import MIN_TOKENS
from layerclaims.errors import InputError
from layerclaims.message import enumeration

FINAL_NORM = "_final_norm"
EMBEDDING = "embedding_"
EMBEDDING_CONTROLS: tuple[EmbeddingControl, ...] = get_args(EmbeddingControl)


def checked(
    path: Path, stored: Mapping[str, NDArray[Any]], kinds: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Take a file's tensors to float32 and refuse what cannot be measured.

    Parameters
    ----------
    path : Path
        Of the file, for messages.
    stored : mapping
        Name to tensor.
    kinds : sequence of str
        Kinds of which the file must hold the activations.

    Raises
    ------
    InputError
        If a tensor is missing, has another type or shape, or holds numbers that are not finite.
    """
    _check_names(path, stored, kinds)
    for name, tensor in stored.items():
        _check_form(path, name, tensor, kinds)
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused as such
        tensors = {name: tensor.astype(np.float32, copy=False) for name, tensor in stored.items()}
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            where = ", ".join(map(str, np.argwhere(~np.isfinite(tensor))[0]))
            raise InputError(
                "--activations {path}: tensor {name} holds NaN or infinity at index [{where}]",
                path=path,
                name=repr(name),
                where=where,
            )
    hidden = _hidden_size(path, tensors, kinds)
    for name in EMBEDDING_CONTROLS:
        control = tensors.get(EMBEDDING + name)
        if control is not None and control.shape[1] != hidden:
            raise InputError(
                "--activations {path}: tensor {tensor} has not {hidden} dimensions",
                path=path,
                tensor=repr(EMBEDDING + name),
                hidden=hidden,
            )
    for kind in kinds:
        _check_tokens(path, tensors, kind)
    return tensors


def _check_names(path: Path, stored: Mapping[str, NDArray[Any]], kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in stored:
            raise InputError(
                "--activations {path} has no tensor {kind}: it needs {wanted}",
                path=path,
                kind=repr(kind),
                wanted=enumeration(kinds),
            )
    missing = [kind + FINAL_NORM for kind in kinds if kind + FINAL_NORM not in stored]
    if 0 < len(missing) < len(kinds):
        raise InputError(
            "--activations {path} has no tensor {missing}, but that of another kind",
            path=path,
            missing=repr(missing[0]),
        )


def _check_form(path: Path, name: str, tensor: NDArray[Any], kinds: Sequence[str]) -> None:
    """Refuse a tensor that holds no floating-point numbers or has the wrong number of axes."""
    if tensor.dtype.kind != "f":
        raise InputError(
            "--activations {path}: tensor {name} is {dtype}, not floating point",
            path=path,
            name=repr(name),
            dtype=tensor.dtype,
        )
    if tensor.ndim != (3 if name in kinds else 2) or 0 in tensor.shape:
        raise InputError(
            "--activations {path}: tensor {name} has shape {shape}; it needs layers x tokens "
            "x dimensions, without the layers in all but {wanted}",
            path=path,
            name=repr(name),
            shape=tensor.shape,
            wanted=enumeration(kinds),
        )


def _hidden_size(path: Path, tensors: Mapping[str, NDArray[Any]], kinds: Sequence[str]) -> int:
    """Return the number of dimensions, in which all kinds agree, as in the number of levels."""
    hidden: int
    layers, _, hidden = tensors[kinds[0]].shape
    for kind in kinds[1:]:
        other_layers, _, other_hidden = tensors[kind].shape
        if (layers, hidden) != (other_layers, other_hidden):
            raise InputError(
                "--activations {path}: the kinds disagree, {layers} levels of {hidden} "
                "dimensions against {other_layers} of {other_hidden}",
                path=path,
                layers=layers,
                hidden=hidden,
                other_layers=other_layers,
                other_hidden=other_hidden,
            )
    if hidden < 2:
        raise InputError(
            "--activations {path} has {hidden} dimensions: a pair is measured over at least 2",
            path=path,
            hidden=hidden,
        )
    return hidden


def _check_tokens(path: Path, tensors: Mapping[str, NDArray[Any]], kind: str) -> None:
    """Refuse too few tokens of a kind, and a level after the final norm that is not of the same tokens."""
    _, tokens, hidden = tensors[kind].shape
    if tokens < MIN_TOKENS:
        raise InputError(
            "--activations {path} has {tokens} {kind} tokens: at least {least} are needed",
            path=path,
            tokens=tokens,
            kind=kind,
            least=MIN_TOKENS,
        )
    final = tensors.get(kind + FINAL_NORM)
    if final is not None and final.shape != (tokens, hidden):
        raise InputError(
            "--activations {path}: tensor {name} has shape {shape}, not {wanted} as {kind} asks",
            path=path,
            name=repr(kind + FINAL_NORM),
            shape=final.shape,
            wanted=(tokens, hidden),
            kind=repr(kind),
        )
