"""What must be there before a claim can be true or false."""

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims.document import COMMAS
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import Message, message

PRESUPPOSED = Criterion(
    "at least",
    2,
    message("What is said of clusters presupposes that there are some at layer 1: more than one."),
)


def presupposed_clusters(measurement: Measurement) -> Decision:
    """Decide whether commas form clusters at layer 1, which later layers can then keep or lose."""
    quantity = message(
        "the number of clusters in the covariance of commas at layer 1, which the claim presupposes,"
    )
    return decide(quantity, measurement.cluster_count(COMMAS, "covariance", 1), PRESUPPOSED, {"layer": 1})


def without_clusters(
    measurement: Measurement, quantity: Message, parameters: dict[str, Parameter] | None = None
) -> Decision | None:
    """Decide an assertion about clusters that are absent at layer 1, or of which that is open.

    Parameters
    ----------
    measurement : Measurement
    quantity, parameters :
        Of the assertion, as `not_applicable` takes them.

    Returns
    -------
    Decision or None
        Not applicable where the count is one cluster over its whole interval. Where the interval holds one
        cluster and several, the inconclusive decision on the presupposition itself: without its answer the
        assertion has none either. `None` where there are clusters, so that the assertion can be decided.
    """
    presupposed = presupposed_clusters(measurement)
    if presupposed.verdict == "inconclusive":
        return presupposed
    if presupposed.supported:
        return None
    reason = message("the covariance of commas at layer 1 forms no separate clusters to begin with")
    return not_applicable(quantity, reason, parameters)


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
