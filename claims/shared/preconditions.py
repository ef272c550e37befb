"""What must be there before a claim can be true or false."""

from layerclaims.analysis.measurement.measurement import DOCUMENT_LAYERS, Measurement


def missing_clusters(measurement: Measurement) -> str:
    """Say why the clusters of layer 1 have no fate: there are none. Empty where there are some."""
    count = measurement.cluster_count("internal", "covariance", 1)
    if count.low >= 2:
        return ""
    found = f"{count.value:.0f}, interval {count.low:.0f} to {count.high:.0f}"
    return f"the covariance of commas at layer 1 forms no separate clusters to begin with (counted: {found})"


def missing_depth(measurement: Measurement, document_layer: int) -> str:
    """Say why a layer cannot stand for the document's: it is layer 1 itself. Empty where it can."""
    if measurement.layer_of(document_layer) > 1:
        return ""
    blocks = measurement.n_layers
    return (
        f"with {blocks} blocks, the document's layer {document_layer} of {DOCUMENT_LAYERS} is layer 1 itself"
    )


def missing_thirds(measurement: Measurement) -> str:
    """Say why there is no last third to compare with the first. Empty where there is one."""
    if measurement.n_layers >= 3:
        return ""
    return f"a model with {measurement.n_layers} blocks has no thirds of its depth to compare"
