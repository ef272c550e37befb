"""What must be there before a claim can be true or false."""

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims.document import COMMAS
from layerclaims.message import Message, message


def missing_clusters(measurement: Measurement) -> Message | None:
    """Say that commas form no clusters at layer 1, so that later layers can keep or lose none."""
    count = measurement.cluster_count(COMMAS, "covariance", 1)
    if count.low >= 2:
        return None
    return message(
        "the covariance of commas at layer 1 forms no separate clusters to begin with "
        "(counted: {count}, interval {low} to {high})",
        count=round(count.value),
        low=round(count.low),
        high=round(count.high),
    )


def missing_depth(measurement: Measurement, document_layer: int) -> Message | None:
    """Say that the model is too shallow: the document's layer would be read at layer 1."""
    if measurement.layer_of(document_layer) > 1:
        return None
    return message(
        "with {blocks} blocks, the document's layer {layer} of {layers} is layer 1 itself",
        blocks=measurement.n_layers,
        layer=document_layer,
        layers=measurement.reference_blocks or measurement.n_layers,
    )


def missing_thirds(measurement: Measurement) -> Message | None:
    """Say that the model has too few blocks for a first and a last third."""
    if measurement.n_layers >= 3:
        return None
    return message(
        "a model with {blocks} blocks has no thirds of its depth to compare", blocks=measurement.n_layers
    )
