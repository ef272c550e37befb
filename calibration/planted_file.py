"""``python -m layerclaims.calibration.planted_file FILE``: planted activations of which every claim is true.

``pytest claims/ --activations FILE`` measures them as those of a model. So one sees what a report looks like
where the study is right, and that each claim can be supported.
"""

import argparse
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, plant
from layerclaims.subject.storage.activation_file import Activations, save_activations

SEED = 3
MARKS = {"internal": ",", "terminal": "."}
TOKENS_APART = 31
"""Of two planted tokens in their text, which is invented: the windows of the study are as long."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a file."""
    parser = argparse.ArgumentParser(
        prog="python -m layerclaims.calibration.planted_file", description=__doc__
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="written anew, such as planted.safetensors")
    parser.add_argument("--seed", type=int, default=SEED, help=f"determines the draw; default {SEED}")
    options = parser.parse_args(arguments)
    try:
        save_activations(planted_activations(options.seed), options.file)
    except OSError as error:
        parser.error(f"{options.file} cannot be written ({error.strerror}): name a file in another folder")
    print(options.file)


def planted_activations(seed: int = SEED, planted: Planted = DOCUMENT_LIKE) -> Activations:
    """Draw activations and describe them as those of a model.

    Parameters
    ----------
    seed : int
        Determines the draw.
    planted : Planted
        By default the planting of which all claims of the document are true.
    """
    drawn = plant(planted, seed)
    return Activations(
        {kind: drawn.residual[kind].astype("float32") for kind in drawn.kinds},
        {},
        _description(drawn, planted, seed),
        {name: values.astype("float32") for name, values in drawn.embedding_controls.items()},
    )


def _description(drawn: Measurement, planted: Planted, seed: int) -> dict[str, Any]:
    """Say what there is instead of a model and a text; windows are numbered, for they have no text."""
    identity = sha256(repr((planted, seed)).encode()).hexdigest()
    return {
        "model": "planted",
        "weights_sha256": identity,
        "corpus": {"name": "nothing", "sha256": identity, "n_tokens": None},
        "causal": True,
        "positions_added": planted.positions_added,
        "samples": {
            kind: [
                {
                    "before": f"planted token {n} ",
                    "token": MARKS[kind],
                    "after": "",
                    "position": TOKENS_APART * n,
                }
                for n in range(drawn.n_tokens(kind))
            ]
            for kind in drawn.kinds
        },
    }


if __name__ == "__main__":
    main()
