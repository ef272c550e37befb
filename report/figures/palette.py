"""The report's colours, each with its light and its dark shade, after Okabe and Ito (2008).

Figures are drawn in the light shades; in a page that is read in the dark their shapes take the dark
ones by the class names made here. Verdicts and kinds never differ by colour alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shade:
    """One colour of the report: on paper and light screens, and on dark screens."""

    light: str
    dark: str


SHADES: dict[str, Shade] = {
    "page": Shade("#ffffff", "#15171a"),
    "raised": Shade("#f6f5f2", "#1e2126"),
    "ink": Shade("#1c1c1e", "#e9e7e2"),
    "muted": Shade("#5c5f66", "#a5a8ae"),
    "line": Shade("#d8d6d1", "#3a3e45"),
    "link": Shade("#0b5394", "#7cc0f2"),
    "internal": Shade("#0072b2", "#56b4e9"),
    "terminal": Shade("#d55e00", "#e69f00"),
    "both": Shade("#8f5f83", "#cc79a7"),
    "std": Shade("#00604a", "#3fc79b"),
    "correlation": Shade("#c9709f", "#f0b8d6"),
    "remainder": Shade("#6b6e73", "#8f9298"),
    "mutual_information": Shade("#7a3f8f", "#c9a0dc"),
    "covariance": Shade("#4d7c0f", "#a9cf6b"),
    "criterion": Shade("#e3efe8", "#20352c"),
    "supported": Shade("#00704f", "#3fc79a"),
    "refuted": Shade("#8f1d00", "#f2866a"),
    "inconclusive": Shade("#856a00", "#e8d06a"),
    "not_applicable": Shade("#5d6066", "#a6a9af"),
}

PAGE = SHADES["page"].light
INK = SHADES["ink"].light
MUTED = SHADES["muted"].light
LINE = SHADES["line"].light
CRITERION = SHADES["criterion"].light
KIND_COLOURS: dict[str, str] = {kind: SHADES[kind].light for kind in ("internal", "terminal")}
# The three sorts of pairs that two groups of tokens make: within the first, between, within the second.
GROUP_COLOURS: tuple[str, str, str] = (
    SHADES["internal"].light,
    SHADES["both"].light,
    SHADES["terminal"].light,
)

PART_COLOURS: dict[str, str] = {name: SHADES[name].light for name in ("std", "correlation", "remainder")}
MEASURE_COLOURS: dict[str, str] = {name: SHADES[name].light for name in ("mutual_information", "covariance")}
VERDICT_COLOURS: dict[str, str] = {
    name: SHADES[name].light for name in ("supported", "refuted", "inconclusive", "not_applicable")
}

RUN_COLOURS: tuple[str, ...] = (
    "#0072b3", "#d55f00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1c1c1e",
)  # fmt: skip
"""One a run in comparisons; further runs take the same colours with other dashes. The first two differ by a
step from the kinds' colours, so that a dark page does not lighten them onto the others."""

NAME_OF: dict[str, str] = {shade.light: name for name, shade in SHADES.items()}
"""Which colour a figure's hex code stands for."""
