"""What must be there before a claim can be true or false."""

from dataclasses import replace

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims.document import COMMAS
from layerclaims.claims.shared.panel import decide_count
from layerclaims.decision import Criterion, Decision, Parameter, not_applicable
from layerclaims.message import Message, message

PRESUPPOSED = Criterion(
    "at least",
    2,
    message("What is said of clusters presupposes that there are some at layer 1: more than one."),
)


def presupposed_clusters(measurement: Measurement) -> Decision:
    """Decide whether commas form clusters at layer 1, which later layers can then keep or lose."""
    quantity = message("the number of clusters of pairs of commas at layer 1")
    return decide_count(measurement, COMMAS, 1, quantity, PRESUPPOSED, {"layer": 1})


def without_clusters(
    measurement: Measurement, quantity: Message, parameters: dict[str, Parameter] | None = None
) -> Decision | None:
    """Decide an assertion about clusters that are absent at layer 1, or of which that is open.

    Parameters and result are those of `unless_presupposed`.
    """
    absent = message("pairs of commas form no separate clusters at layer 1 to begin with")
    return unless_presupposed(presupposed_clusters(measurement), absent, quantity, parameters)


def unless_presupposed(
    presupposed: Decision,
    absent: Message,
    quantity: Message,
    parameters: dict[str, Parameter] | None = None,
) -> Decision | None:
    """Decide an assertion whose presupposition is absent or open.

    Parameters
    ----------
    presupposed : Decision
        On the presupposition.
    absent : Message
        Says that it is absent.
    quantity, parameters :
        Of the assertion, as `not_applicable` takes them.

    Returns
    -------
    Decision or None
        Not applicable where the presupposition is refuted: it is absent over the whole interval. Where the
        presupposition is inconclusive, its own decision: without its answer the assertion has none either.
        `None` where it is supported, so that the assertion can be decided.
    """
    if presupposed.supported:
        return None
    if presupposed.verdict == "inconclusive":
        named = message("what the claim presupposes, {quantity},", quantity=presupposed.quantity)
        return replace(presupposed, quantity=named)
    return not_applicable(quantity, absent, parameters)


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
