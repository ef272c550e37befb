"""The evidence that a run leaves behind: a typed, versioned schema.

`Evidence` is the only thing that the report reads. `report/records/evidence.schema.json` is its JSON Schema,
exported from these models; a test fails when the two drift apart.
"""

from layerclaims.report.records.evidence.claims import (
    AssertionCurve,
    AssertionOutcome,
    AssertionRecord,
    ClaimRecord,
    ControlRecord,
    CriterionRecord,
    FigureRecord,
    FindingRecord,
    Interval,
    JointRecord,
    SeparateWindows,
    SpecificationCurve,
    SpecificationResult,
    TwinRecord,
    TwinsRecord,
)
from layerclaims.report.records.evidence.files import EVIDENCE_NAME, PART_FOLDER, POINTS_NAME, SCHEMA_PATH
from layerclaims.report.records.evidence.profiles import (
    GroupFeature,
    GrowthRecord,
    KindProfile,
    LayerSummary,
    Profiles,
    TokenGroups,
)
from layerclaims.report.records.evidence.recorded import (
    BaselineComparison,
    BaselineDifference,
    Departure,
    RecordedAssertion,
)
from layerclaims.report.records.evidence.run import Evidence, Summary
from layerclaims.report.records.evidence.study import (
    DependenceRecord,
    DocumentRecord,
    Identification,
    KindRecord,
    MeasureRecord,
    RulesRecord,
    SoftwareRecord,
    SpecificationRecord,
    Subject,
)
from layerclaims.serialization.record import Record
from layerclaims.subject.storage.description import (
    Corpus,
    FoundToken,
    TextLoss,
    TokenTexts,
    UnusedWeights,
    Window,
    Windows,
)

# Records of the subject's that are part of the evidence, and the base of all, are named here as well.
__all__ = [
    "EVIDENCE_NAME",
    "PART_FOLDER",
    "POINTS_NAME",
    "SCHEMA_PATH",
    "AssertionCurve",
    "AssertionOutcome",
    "AssertionRecord",
    "BaselineComparison",
    "BaselineDifference",
    "ClaimRecord",
    "ControlRecord",
    "Corpus",
    "CriterionRecord",
    "Departure",
    "DependenceRecord",
    "DocumentRecord",
    "Evidence",
    "FigureRecord",
    "FindingRecord",
    "FoundToken",
    "GroupFeature",
    "GrowthRecord",
    "Identification",
    "Interval",
    "JointRecord",
    "KindProfile",
    "KindRecord",
    "LayerSummary",
    "MeasureRecord",
    "Profiles",
    "Record",
    "RecordedAssertion",
    "RulesRecord",
    "SeparateWindows",
    "SoftwareRecord",
    "SpecificationCurve",
    "SpecificationRecord",
    "SpecificationResult",
    "Subject",
    "Summary",
    "TextLoss",
    "TokenGroups",
    "TokenTexts",
    "TwinRecord",
    "TwinsRecord",
    "UnusedWeights",
    "Window",
    "Windows",
]
