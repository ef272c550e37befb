"""The report's colours, each with its light and its dark shade, after Okabe and Ito (2008).

Kinds and measures beyond the second have colours chosen so that they can be told apart by readers with
protanopia, deuteranopia and tritanopia. Figures are drawn in the light shades; on dark screens the page
replaces them by the dark ones, by class names. Verdicts and kinds never differ by colour alone.
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
    "kind1": Shade("#0072b2", "#56b4e9"),
    "kind2": Shade("#d55e00", "#e69f00"),
    "kind3": Shade("#610ab8", "#9434f4"),
    "kind4": Shade("#a58950", "#ebe4d6"),
    "kind5": Shade("#a00808", "#f64c4c"),
    "kind6": Shade("#374172", "#5d6bb1"),
    "kind7": Shade("#b15d6b", "#d2a2aa"),
    "kind8": Shade("#723754", "#b15d87"),
    "both": Shade("#8f5f83", "#cc79a7"),
    "std": Shade("#00604a", "#3fc79b"),
    "correlation": Shade("#c9709f", "#f0b8d6"),
    "remainder": Shade("#6b6e73", "#8f9298"),
    "measure1": Shade("#7a3f8f", "#c9a0dc"),
    "measure2": Shade("#4d7c0f", "#a9cf6b"),
    "measure3": Shade("#1b1bf3", "#7c7cf8"),
    "measure4": Shade("#944747", "#c28080"),
    "criterion": Shade("#e3efe8", "#20352c"),
    "supported": Shade("#00704f", "#3fc79a"),
    "refuted": Shade("#8f1d00", "#f2866a"),
    "inconclusive": Shade("#856a00", "#e8d06a"),
    "not_applicable": Shade("#5d6066", "#a6a9af"),
    "error": Shade("#7b1fa2", "#d9a3f0"),
    "part": Shade("#33507a", "#a878f0"),
}

PAGE = SHADES["page"].light
INK = SHADES["ink"].light
MUTED = SHADES["muted"].light
LINE = SHADES["line"].light
CRITERION = SHADES["criterion"].light
KIND_COLOURS: tuple[str, ...] = tuple(SHADES[f"kind{place}"].light for place in range(1, 9))
"""By the kind's place in the document."""

GROUP_NAMES = ("kind1", "both", "kind2")
GROUP_COLOURS: tuple[str, str, str] = (SHADES["kind1"].light, SHADES["both"].light, SHADES["kind2"].light)
"""Of the sorts of pairs that two groups of tokens make: within the first, between, within the second."""

PART_COLOURS: dict[str, str] = {name: SHADES[name].light for name in ("std", "correlation", "remainder")}
MEASURE_COLOURS: tuple[str, ...] = tuple(SHADES[f"measure{place}"].light for place in range(1, 5))
"""By the measure's place in a figure."""

VERDICT_COLOURS: dict[str, str] = {
    name: SHADES[name].light
    for name in ("supported", "refuted", "inconclusive", "not_applicable", "error", "part")
}

RUN_COLOURS: tuple[str, ...] = (
    "#0072b3", "#d55f00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1c1c1e",
)  # fmt: skip
"""One a run in comparisons; further runs take the same colours with other dashes. The first two differ by a
step from the kinds' colours, so that a dark page does not lighten them onto the others."""

NAME_OF: dict[str, str] = {shade.light: name for name, shade in SHADES.items()}
"""The name of the colour that a figure's hex code stands for."""
