"""Names of the files that a run leaves behind."""

from pathlib import Path

SCHEMA_PATH = Path(__file__).parents[1] / "evidence.schema.json"
EVIDENCE_NAME = "evidence.json"
PART_FOLDER = "part"
"""In a subject's folder: where a run of a part of the claims writes, so that a whole run's report stays."""
POINTS_NAME = "pairs.safetensors"
"""Beside the evidence: a random sample of pairs for the scatter figures, by kind.

Tensors ``<kind>.index`` int32 ``[n_points, 2]`` (rows of `Evidence.samples`) and, for each of
`Evidence.measures`, ``<kind>.<measure>`` float32 ``[n_layers + 1, n_points]``; where the model has a final
norm, ``<kind>.final_norm.<measure>`` float32 ``[1, n_points]`` too.
"""
