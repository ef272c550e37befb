"""Odds ratios of features of the text between the two groups of tokens behind the clusters."""

import numpy as np
from matplotlib.figure import Figure

from layerclaims.report.figures.drawing import WIDTH, Drawing, Table, localize
from layerclaims.report.figures.layout import MeasuredLayout
from layerclaims.report.figures.palette import INK, MUTED
from layerclaims.report.figures.panel import panels_in
from layerclaims.report.records.evidence import GroupFeature
from layerclaims.report.study import Study
from layerclaims.text import shorten


def draw_token_groups(study: Study, name: str, kind: str) -> Drawing | None:
    """Draw each feature's odds ratio with its interval; None where no groups were compared."""
    groups = study.groups(kind)
    if groups is None:
        return None
    # Where one group has a feature in none or all of its tokens there is no ratio to place on the axis.
    features = [feature for feature in groups.features if feature.odds_ratio]
    if not features:
        return None
    words = study.words
    figure = Figure(figsize=(WIDTH, 1.0 + 0.26 * len(features)), layout=MeasuredLayout())
    panel = panels_in(figure, 1, 1)[0, 0]
    places = np.arange(len(features))[::-1]
    for place, feature in zip(places, features, strict=True):
        ratio = feature.odds_ratio or 1.0  # there is one, as chosen above
        panel.plot(feature.interval or (ratio, ratio), (place, place), color=INK, linewidth=1.6)
        panel.plot(ratio, place, marker="o", color=INK, markersize=4.5)
    panel.axvline(1, color=MUTED, linewidth=0.8, linestyle=(0, (3, 2)))
    panel.set_xscale("log")
    panel.set_yticks(places, [_label(study, feature) for feature in features])
    panel.tick_params(axis="y", length=0)
    panel.set_ylim(-0.6, len(features) - 0.4)
    panel.set_xlabel(words.gettext("odds ratio of group 1 against group 2"))
    localize(panel, words, "x")
    caption = words.gettext(
        "How much more often tokens of the first group have a feature than those of the second, with 95% "
        "intervals; at the left the share of each group that has it. To the right of 1: commoner in group 1."
    )
    return Drawing(name, figure, caption, _alternative(study, features), _table(groups.features))


def _label(study: Study, feature: GroupFeature) -> str:
    first, second = (study.words.percent(share) for share in feature.share)
    return f"{shorten(study.words.say(feature.feature), 50)}  {first} : {second}"


def _alternative(study: Study, features: list[GroupFeature]) -> str:
    words = study.words
    text = words.gettext("%(feature)s: %(first)s of group 1, %(second)s of group 2, odds ratio %(ratio)s.")
    parts = [words.gettext("Odds ratios of features of the text.")]
    for feature in features:
        first, second = (words.percent(share) for share in feature.share)
        ratio = words.number(feature.odds_ratio or 0)
        name = words.say(feature.feature)
        parts.append(text % {"feature": name, "first": first, "second": second, "ratio": ratio})
    return " ".join(parts)


def _table(features: list[GroupFeature]) -> Table:
    columns = ("feature", "share_group_1", "share_group_2", "odds_ratio", "low", "high", "p_value")
    table = Table(columns)
    for feature in features:
        low, high = feature.interval or (None, None)
        table.rows.append(
            (str(feature.feature), *feature.share, feature.odds_ratio, low, high, feature.p_value)
        )
    return table
