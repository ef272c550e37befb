"""Evidence as a real run would leave it, made in a moment from synthetic pairs.

Two groups of tokens of the first kind make three clusters of pairs at layer 1, which merge with depth; the
scale of the activations grows, so covariance does, and mutual information falls. The document may have one to
eight kinds, and cosine similarity may be among the measures.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.statistics.estimate import Estimate
from layerclaims.decision import Criterion, Decision, Verdict, combine, decide, not_applicable
from layerclaims.message import KindName, Message, Percent, message
from layerclaims.report.language.words import load_words
from layerclaims.report.records.evidence import (
    AssertionCurve,
    AssertionOutcome,
    AssertionRecord,
    ClaimRecord,
    ControlRecord,
    Corpus,
    CriterionRecord,
    DocumentRecord,
    Evidence,
    FigureRecord,
    GroupFeature,
    GrowthRecord,
    JointRecord,
    KindProfile,
    KindRecord,
    LayerCount,
    LayerSummary,
    MeasureRecord,
    Profiles,
    RuleCounts,
    RulesRecord,
    SoftwareRecord,
    SpecificationCurve,
    SpecificationRecord,
    SpecificationResult,
    Subject,
    Summary,
    TokenGroups,
    TwinRecord,
    Window,
    Windows,
)
from layerclaims.report.study import Study

FloatArray = NDArray[np.float64]

STATEMENTS = {
    "embedding-two-points": ("2.1", "At layer 0 all pairs of a kind coincide: two points for all tokens."),
    "embedding-cause": ("2.1", "They coincide because it is the same token at the same position."),
    "layer1-three-clusters": ("1", "At layer 1 the covariance of commas falls into three separate clusters."),
    "layer1-mi-one-cloud": ("1", "Mutual information at layer 1 hardly shows these clusters."),
    "clusters-fade": ("2.2", "The clusters persist after layer 1 and slowly blur."),
    "clusters-dissolve": ("2.2", "By layers 7, 8 and 9 the clusters are one unstructured cloud."),
    "deep-layers-drop-partition": ("2.2", "Deep layers no longer hold the partition of layer 1."),
    "mi-declines": ("3.1", "Mean mutual information falls towards the last layers."),
    "covariance-grows": ("3.1", "Mean covariance grows to tens of times its value at layer 1."),
    "opposite-trends": ("3.1", "The two profiles run against each other."),
    "mi-scale-invariant": ("3.2", "Mutual information does not change when activations are rescaled."),
    "covariance-scale-dependent": ("3.2", "Covariance changes by the product of the factors."),
    "variance-grows": ("3.2", "The variance of activations becomes very large in deep layers."),
    "variance-explains-growth": ("3.2", "Covariance grows because of variance, not of new dependence."),
    "pearson-removes-growth": ("3.2", "Dividing by the standard deviations removes the growth."),
    "syntax-in-early-layers": ("4", "Punctuation is told apart in the first 10 layers."),
    "mi-compares-across-layers": ("4", "Mutual information is a safe measure to compare layers with."),
    "covariance-misleads-across-layers": ("4", "Comparing raw covariance between layers misleads."),
    "simpson-paradox": ("companion", "Covariance and mutual information correlate negatively over all."),
    "layer20-one-cluster": ("companion", "At layer 20 the three clusters are one."),
}

SECTIONS = {
    "1": message("Layer 1, where the study begins"),
    "2.1": message("The embedding"),
    "2.2": message("Clusters from layer to layer"),
    "3.1": message("Mean profiles of the two measures"),
    "3.2": message("What the scale of the activations does"),
    "4": message("Conclusions"),
    "companion": message("The first part of the study"),
}

_PROFILED = ("mutual_information", "covariance")

FIGURES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "embedding-two-points": [("two_points", {})],
    "embedding-cause": [("assertions", {})],
    "layer1-three-clusters": [
        ("histograms", {"measure": "covariance", "layers": [1]}),
        ("pair_sorts", {"measure": "covariance", "kind": "internal", "layers": [1]}),
        ("token_groups", {"kind": "internal"}),
    ],
    "layer1-mi-one-cloud": [("histograms", {"measure": "mutual_information", "layers": [1]})],
    "clusters-fade": [("clusters", {"measure": "covariance", "first": 1, "last": 9})],
    "clusters-dissolve": [
        ("histograms", {"measure": "covariance", "layers": [1, 3, 5, 7, 8, 9]}),
        ("clusters", {"measure": "covariance", "first": 7, "last": 9}),
    ],
    "deep-layers-drop-partition": [
        ("pair_sorts", {"measure": "covariance", "kind": "internal", "layers": [1, 16, 24]})
    ],
    "mi-declines": [("decline", {"measure": "mutual_information", "compared": "end"})],
    "covariance-grows": [("growth", {"measures": ["covariance"]})],
    "opposite-trends": [("ranks_by_depth", {"measures": list(_PROFILED)})],
    "mi-scale-invariant": [("assertions", {})],
    "covariance-scale-dependent": [("assertions", {})],
    "variance-grows": [("growth", {"measures": ["variance"]})],
    "variance-explains-growth": [("covariance_growth", {})],
    "pearson-removes-growth": [("growth", {"measures": ["pearson", "covariance"]})],
    "syntax-in-early-layers": [("clusters", {"measure": "covariance", "first": 1, "last": 10})],
    "mi-compares-across-layers": [("assertions", {})],
    "covariance-misleads-across-layers": [("rank_agreement", {"measures": ["covariance", "pearson"]})],
    "simpson-paradox": [("simpson", {"kind": "internal", "layer": 1})],
    "layer20-one-cluster": [("histograms", {"measure": "covariance", "layers": [1, 20]})],
}

IDENTITIES = ("mi-scale-invariant",)

KIND_NAMES = {
    "internal": ("comma", "commas", "dấu phẩy", ","),
    "terminal": ("full stop", "full stops", "dấu chấm", "."),
    "question": ("question mark", "question marks", "dấu hỏi", "?"),
    "colon": ("colon", "colons", "dấu hai chấm", ":"),
    "semicolon": ("semicolon", "semicolons", "dấu chấm phẩy", ";"),
    "dash": ("dash", "dashes", "gạch ngang", "-"),
    "bracket": ("bracket", "brackets", "dấu ngoặc", "("),
    "quote": ("quotation mark", "quotation marks", "dấu nháy", "'"),
}
TWO_KINDS = ("internal", "terminal")
FIVE_KINDS = ("internal", "terminal", "question", "colon", "semicolon")

MEASURES = {
    "mutual_information": MeasureRecord(
        name="mutual_information",
        title="mutual information",
        unit="bits",
        symbol="MI",
        depends_on_scale=False,
    ),
    "covariance": MeasureRecord(name="covariance", title="covariance", symbol="cov", depends_on_scale=True),
    "pearson": MeasureRecord(name="pearson", title="Pearson correlation", symbol="r", depends_on_scale=False),
    "cosine": MeasureRecord(name="cosine", title="cosine similarity", symbol="cos", depends_on_scale=False),
}
THREE_MEASURES = ("mutual_information", "covariance", "pearson")

_VERDICT_CYCLE: tuple[Verdict, ...] = ("supported", "refuted", "supported", "inconclusive", "not_applicable")


def make_points(
    n_layers: int = 12,
    n_tokens: int = 30,
    n_points: int = 200,
    kinds: Sequence[str] = TWO_KINDS,
    measures: Sequence[str] = THREE_MEASURES,
) -> dict[str, NDArray[Any]]:
    """Make sampled pairs of every kind."""
    rng = np.random.default_rng(0)
    points: dict[str, NDArray[Any]] = {}
    for place, kind in enumerate(kinds):
        pairs = np.array([(a, b) for a in range(n_tokens) for b in range(a + 1, n_tokens)])
        index = rng.permutation(pairs)[:n_points]
        points[f"{kind}.index"] = index.astype(np.int32)
        values = _measures(place, index, n_layers, rng)
        for name in measures:
            points[f"{kind}.{name}"] = values[name].astype(np.float32)
            points[f"{kind}.final_norm.{name}"] = values[name][-1:].astype(np.float32)
    return points


def _measures(
    place: int, index: NDArray[np.int64], n_layers: int, rng: np.random.Generator
) -> dict[str, FloatArray]:
    depth = np.arange(n_layers + 1)[:, None] / n_layers
    n_points = len(index)
    sort = (index % 2).sum(axis=1) if place == 0 else np.ones(n_points)
    separation = 0.3 * np.exp(-6 * np.abs(depth - 1 / n_layers))
    correlation = 0.6 + separation * (sort - 1) + 0.05 * rng.normal(size=(n_layers + 1, n_points))
    correlation = np.clip(correlation - 0.04 * max(place - 1, 0), -0.95, 0.95)
    variance = 0.5 * 2 ** (8 * depth)
    correlation[0], variance[0] = 0.999, 0.02 + 0.01 * place
    noise = 1 + 0.02 * rng.normal(size=(n_layers + 1, n_points))
    information = -0.5 * np.log2(1 - correlation**2) * noise * (1.2 - 0.6 * depth)
    information[0] = 3.1 - 0.3 * place
    return {
        "covariance": correlation * variance,
        "mutual_information": information,
        "pearson": correlation,
        "cosine": 0.2 + 0.8 * correlation,
    }


def make_document(kinds: Sequence[str] = TWO_KINDS, **changes: Any) -> DocumentRecord:  # noqa: ANN401
    """Describe a document with these kinds of tokens."""
    fields: dict[str, Any] = {
        "key": "example",
        "title": "Example of a study",
        "authors": ["A. Author"],
        "year": 2024,
        "url": "https://example.org/study",
        "citation": "A. Author (2024). Example of a study.",
        "model": "openai-community/gpt2-medium",
        "text": "Heart of Darkness",
        "n_blocks": 24,
        "sections": SECTIONS,
        "kinds": [_kind_record(kind) for kind in kinds],
    }
    return DocumentRecord(**{**fields, **changes})


def _kind_record(kind: str) -> KindRecord:
    one, several, vietnamese, _ = KIND_NAMES[kind]
    return KindRecord(
        key=kind, singular={"en": one, "vi": vietnamese}, plural={"en": several, "vi": vietnamese}
    )


def make_evidence(
    n_layers: int = 12,
    n_tokens: int = 30,
    *,
    kinds: Sequence[str] = TWO_KINDS,
    measures: Sequence[str] = THREE_MEASURES,
    **changes: Any,  # noqa: ANN401
) -> Evidence:
    """Make the evidence of a whole run; ``changes`` replace top-level fields."""
    points = make_points(n_layers, n_tokens, kinds=kinds, measures=measures)
    claims = [make_claim(claim_id, verdict_of(place), kinds) for place, claim_id in enumerate(STATEMENTS)]
    counts = {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in set(_VERDICT_CYCLE)}
    fields: dict[str, Any] = {
        "created": "2026-01-02T03:04:05Z",
        "command": "pytest claims/",
        "complete": True,
        "document": make_document(kinds),
        "measures": [MEASURES[name] for name in measures],
        "subject": make_subject(n_layers, n_tokens, kinds),
        "software": SoftwareRecord(version="0.1.0", commit="0123456789abcdef", modified=True),
        "rules": RulesRecord(
            engine="0011223344556677",
            compared_with="0.1.0",
            changes=[message("{claim} is not in release {version}.", claim="mi-declines", version="0.1.0")],
        ),
        "limits": [message("How well the model predicts this text is not known.")],
        "environment": {
            "python": "3.11.2",
            "platform": "Linux",
            "packages": {"numpy": "2.4", "torch": "2.13"},
        },
        "specification": SpecificationRecord(
            bins=15, outlier_sd=5, estimator="histogram", n_resamples=200, seed=0
        ),
        "claims": claims,
        "profiles": make_profiles(points, n_layers, kinds, measures),
        "growth": {kind: make_growth(n_layers) for kind in kinds},
        "token_groups": [make_groups(n_tokens)] if "internal" in kinds else [],
        "samples": {kind: make_windows(kind, n_tokens) for kind in kinds},
        "summary": Summary(**counts),
        "timings": {"load": 1.25, "forward": 20.5, "measures": 3.0},
    }
    return Evidence(**{**fields, **changes})


def study_of(
    evidence: Evidence, points: dict[str, NDArray[Any]] | None = None, language: str = "en"
) -> Study:
    """Make a study in a language, with the names of the evidence's kinds."""
    return Study(evidence, points, load_words(language).of_document(evidence.document))


def verdict_of(place: int) -> Verdict:
    """Give the claim at a place a verdict, so that all four occur."""
    return _VERDICT_CYCLE[place % len(_VERDICT_CYCLE)]


def make_subject(
    n_layers: int,
    n_tokens: int,
    kinds: Sequence[str] = TWO_KINDS,
    **changes: Any,  # noqa: ANN401
) -> Subject:
    """Make a subject that is not the document's."""
    fields: dict[str, Any] = {
        "name": "tiny-model-tiny-text",
        "model": "example/tiny-model",
        "revision": "0123456789abcdef",
        "weights_sha256": "ab" * 32,
        "architecture": "LlamaForCausalLM",
        "n_layers": n_layers,
        "hidden_size": 576,
        "causal": True,
        "device": "cpu",
        "corpus": Corpus(name="embedded narrative", sha256="cd" * 32, n_tokens=9000),
        "tokens": dict.fromkeys(kinds, n_tokens),
        "windows": Windows(
            context_before=20,
            context_after=10,
            skip_tokens=0,
            sampling="first",
            seed=0,
            eligible={kind: 420 - 10 * place for place, kind in enumerate(kinds)},
        ),
        "is_document_subject": False,
        "fallback_reason": message(
            "{model} is neither cached nor reachable", model="openai-community/gpt2-medium"
        ),
    }
    return Subject(**{**fields, **changes})


def make_claim(claim_id: str, verdict: Verdict, kinds: Sequence[str] = TWO_KINDS) -> ClaimRecord:
    """Make a claim with this verdict, with controls and specifications."""
    section, statement = STATEMENTS.get(claim_id, ("9", "An unknown claim."))
    decisions = [_decision(verdict, kind) for kind in kinds]
    assertions = [make_assertion(f"{claim_id}[{d.parameters['kind']}]", d) for d in decisions]
    return ClaimRecord(
        id=claim_id,
        section=section,
        statement=Message(text=statement),
        nature="identity" if claim_id in IDENTITIES else "empirical",
        verdict=combine([assertion.verdict for assertion in assertions]),
        assertions=assertions,
        controls=[
            ControlRecord(
                control="shuffled",
                description=message("the same model with untrained weights"),
                assertion=assertions[0].name,
                verdict="refuted",
                value=1.1,
                interval=(0.9, 1.3),
            )
        ],
        specifications=make_specifications([assertion.name for assertion in assertions]),
        notes=[message("Commas after a noun make up {share} of the larger group.", share="61%")],
        shown_by=[
            FigureRecord(kind=kind, arguments=arguments) for kind, arguments in FIGURES.get(claim_id, [])
        ],
        seconds=0.5,
    )


def _decision(verdict: Verdict, kind: str) -> Decision:
    criterion = Criterion("at least", 10, message("The document says tens of times."))
    intervals = {
        "supported": (14.2, 12.0, 16.5),
        "refuted": (2.1, 1.9, 2.4),
        "inconclusive": (10.4, 8.8, 12.1),
    }
    name = KindName(kind=kind, form="plural", english=kind)
    quantity = message("growth of the mean over layer 1, {kind}", kind=name)
    if verdict == "not_applicable":
        reason = message("the model adds no positions to its embedding")
        return not_applicable(quantity, reason, {"kind": kind})
    value, low, high = intervals[verdict]
    estimate = Estimate(value, low, high, "times", 30, "token bootstrap")
    return decide(quantity, estimate, criterion, {"kind": kind})


def make_assertion(name: str, decision: Decision) -> AssertionRecord:
    """Record a decision as the suite would."""
    estimate, criterion = decision.estimate, decision.criterion
    return AssertionRecord(
        name=name,
        parameters=decision.parameters,
        quantity=decision.quantity,
        verdict=decision.verdict,
        value=None if estimate is None else estimate.value,
        unit="" if estimate is None else estimate.unit,
        interval=None if estimate is None else (estimate.low, estimate.high),
        n=0 if estimate is None else estimate.n,
        method="" if estimate is None else estimate.method,
        criterion=None
        if criterion is None
        else CriterionRecord(
            relation=criterion.relation,
            bound=criterion.bound,
            upper=criterion.upper,
            reason=criterion.reason,
        ),
        twins=None if estimate is None else make_twins(estimate.value, learned=True),
        undecided=[] if criterion is None or estimate is None else criterion.undecided(estimate),
        met=decision.supported,
        reason=decision.reason,
    )


def make_twins(value: float, *, learned: bool | None) -> TwinRecord:
    """Record eight untrained twins whose numbers lie below the subject's."""
    return TwinRecord(
        values=[value - 1 - place for place in range(8)],
        subject=value,
        n_tokens=64,
        n_met=0 if learned else 8,
        learned=learned,
        sentence=message(
            "On {tokens} tokens, {quantity} is {value}: {place}.",
            tokens=64,
            quantity=message("the growth"),
            value=value,
            place=message("the same as in all {all} untrained twins", all=8),
        ),
    )


def make_specifications(assertions: Sequence[str]) -> SpecificationCurve:
    """Make curves over bins, outlier rule and estimator; each further assertion's lies 2 lower."""
    choices = [
        {"bins": bins, "outlier_sd": outlier_sd, "estimator": estimator}
        for bins in (8, 15, 30)
        for outlier_sd in (0, 3, 5)
        for estimator in ("histogram", "copula")
    ]
    curves = [
        AssertionCurve(
            assertion=name,
            most_influential="bins",
            outcomes=[_specified(choice, 2 * place) for choice in choices],
        )
        for place, name in enumerate(assertions)
    ]
    outcomes = zip(*(curve.outcomes for curve in curves), strict=True)
    results = [
        SpecificationResult(choices=choice, verdict=combine([one.verdict for one in decided if one]))
        for choice, decided in zip(choices, outcomes, strict=True)
    ]
    n_supported = sum(result.verdict == "supported" for result in results)
    return SpecificationCurve(
        n=len(results),
        n_supported=n_supported,
        results=results,
        assertions=curves,
        joint=JointRecord(n=len(results), n_held=n_supported, p_held=0.02, p_median=0.001, n_draws=1000),
        joint_conclusion=message("Whether chance gives as many is not known: {reason}.", reason="…"),
    )


def _specified(choice: dict[str, Any], lower: float) -> AssertionOutcome:
    value = 8 + 0.2 * choice["bins"] + 0.3 * choice["outlier_sd"] - lower
    value += 2 if choice["estimator"] == "copula" else 0
    verdict: Verdict = "supported" if value > 11 else "inconclusive" if value > 9 else "refuted"
    return AssertionOutcome(verdict=verdict, value=value, interval=(value - 1, value + 1))


def make_profiles(
    points: dict[str, NDArray[Any]],
    n_layers: int,
    kinds: Sequence[str] = TWO_KINDS,
    measures: Sequence[str] = THREE_MEASURES,
) -> Profiles:
    """Summarise the points by layer."""
    return Profiles(
        kinds={
            kind: _kind_profile(points, kind, n_layers, measures, most=1 if place else 3)
            for place, kind in enumerate(kinds)
        },
        final_norm={kind: _final_profile(points, kind, measures) for kind in kinds},
    )


def _final_profile(points: dict[str, NDArray[Any]], kind: str, measures: Sequence[str]) -> KindProfile:
    return KindProfile(
        measures={name: [_summary(points[f"{kind}.final_norm.{name}"][0])] for name in measures},
        std=[_summary(np.ones(4))],
        n_clusters={"covariance": [1]},
        separation={"covariance": [0.1]},
    )


def _kind_profile(
    points: dict[str, NDArray[Any]], kind: str, n_layers: int, measures: Sequence[str], most: int
) -> KindProfile:
    std = [_summary(np.sqrt(points[f"{kind}.covariance"][layer])) for layer in range(n_layers + 1)]
    clusters: list[int | None] = [None, *[3 if layer < 4 else 1 for layer in range(1, n_layers + 1)]]
    separation: list[float | None] = [None, *[float(2.5 / layer) for layer in range(1, n_layers + 1)]]
    return KindProfile(
        measures={name: [_summary(row) for row in points[f"{kind}.{name}"]] for name in measures},
        std=std,
        n_clusters={"covariance": clusters, "mutual_information": [1] * (n_layers + 1)},
        separation={"covariance": separation},
        counted=_counted(n_layers, most),
    )


def _counted(n_layers: int, most: int) -> list[RuleCounts]:
    """Count clusters as two rules would; only the second one has an index of their separation."""
    groups, plane = [], []
    for layer in range(1, n_layers + 1):
        count = most if layer < 4 else 1
        index = max(0.05, (most - 1.1 - 0.2 * layer) / 2)
        groups.append(LayerCount(layer=layer, count=count, interval=(count, count)))
        plane.append(
            LayerCount(
                layer=layer, count=count, interval=(count, count + (layer == 4)), separation=index,
                separation_interval=(index - 0.05, index + 0.1),
            )
        )  # fmt: skip
    return [
        RuleCounts(rule=message("groups of tokens"), layers=[*groups[:1], *groups[3:]]),
        RuleCounts(rule=message("plane of log covariance and log r"), layers=plane),
    ]


def _summary(values: NDArray[Any]) -> LayerSummary:
    q05, q25, q50, q75, q95 = (float(q) for q in np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))
    mean, half = float(values.mean()), float(2 * values.std() / np.sqrt(len(values)))
    return LayerSummary(
        mean=mean, q05=q05, q25=q25, q50=q50, q75=q75, q95=q95, mean_interval=(mean - half, mean + half)
    )


def make_growth(n_layers: int) -> GrowthRecord:
    """Split growth into parts that add up."""
    depth: list[float] = [8 * layer / n_layers for layer in range(n_layers + 1)]
    return GrowthRecord(
        covariance=[None, *depth[1:]],
        std=[None, *[0.95 * value for value in depth[1:]]],
        correlation=[None, *[0.03 * value for value in depth[1:]]],
        remainder=[None, *[0.02 * value for value in depth[1:]]],
    )


def make_groups(n_tokens: int) -> TokenGroups:
    """Split the commas into odd and even ones."""
    labels = [place % 2 for place in range(n_tokens)]
    return TokenGroups(
        kind="internal",
        layer=1,
        labels=labels,
        sizes=[labels.count(0), labels.count(1)],
        purity=0.97,
        features=[
            GroupFeature(
                feature=message("an earlier comma in the window"),
                share=(0.9, 0.2),
                odds_ratio=36.0,
                interval=(12.0, 108.0),
                p_value=1e-9,
            ),
            GroupFeature(
                feature=message("a line break"),
                share=(0.5, 0.45),
                odds_ratio=1.2,
                interval=(0.6, 2.4),
                p_value=0.6,
            ),
            GroupFeature(
                feature=message("a quotation mark"), share=(0.0, 0.1), odds_ratio=None, interval=None
            ),
        ],
        conclusion=[
            message("The two groups differ by {feature}.", feature=message("an earlier comma in the window"))
        ],
    )


def make_windows(kind: str, n_tokens: int) -> list[Window]:
    """Make windows of text around each token."""
    mark = KIND_NAMES[kind][3]
    return [
        Window(
            before=f"the river lay still in the {place} light",
            token=mark,
            after=" and we waited",
            position=place,
        )
        for place in range(n_tokens)
    ]


def missing(verdict: Verdict = "refuted") -> ClaimRecord:
    """Make a claim of which both kinds go the right way, and miss the criterion."""
    data = make_claim("x", verdict).model_dump()
    for place, (kind, share) in enumerate((("internal", 0.06), ("terminal", 0.01))):
        told = message("it falls by {share}", share=Percent(share=share)).model_dump()
        data["assertions"][place] |= {"verdict": verdict, "parameters": {"kind": kind}, "shortfall": told}
    return ClaimRecord.model_validate(data)
