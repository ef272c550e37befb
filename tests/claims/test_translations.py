"""Every sentence that rules and notes really make has a translation in every language."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pytest

from layerclaims.calibration.scenarios import all_scenarios
from layerclaims.claims.document import DOCUMENT
from layerclaims.fixtures.assembly.token_groups import token_group_records
from layerclaims.fixtures.stages.controls import describe_pooled, describe_swapped
from layerclaims.message import Message, parts
from layerclaims.report.language.words import available_languages, load_words
from tests.claims.planted import CLAIMS, decisions, measured

LANGUAGES = [language for language in available_languages() if language != "en"]


@cache
def rule_parts() -> tuple[Message, ...]:
    """Give the parts of all sentences that the rules make."""
    return tuple(part for sentence in _rule_messages() for part in parts(sentence))


def _rule_messages() -> Iterator[Message]:
    """Decide every claim where it is planted true, false and absent, and give what it says."""
    for scenario in all_scenarios(list(CLAIMS)):
        for decision in decisions(scenario):
            yield decision.sentence
            yield decision.quantity
            if decision.criterion:
                yield decision.criterion.reason
            if decision.reason:
                yield decision.reason


def note_parts() -> Iterator[Message]:
    """Give the parts of all sentences that notes and descriptions of groups make."""
    return (part for sentence in _note_messages() for part in parts(sentence))


def _note_messages() -> Iterator[Message]:
    """Make the notes and the descriptions of token groups on the same plantings."""
    for scenario in all_scenarios(list(CLAIMS)):
        claim = CLAIMS[scenario.claim][0].claim
        if not claim.notes:
            continue
        measurement = measured(scenario.planted, scenario.instrument)
        windows = [
            {"before": "old, slow" if place % 2 else "old and slow", "token": ",", "after": " he"}
            for place in range(measurement.n_tokens(measurement.kinds[0]))
        ]
        groups = token_group_records(measurement, DOCUMENT, dict.fromkeys(measurement.kinds, windows))
        for group in groups:
            yield from group.conclusion
            yield from (feature.feature for feature in group.features)
        for note in claim.notes:
            yield from note(measurement, groups)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [rule_parts, note_parts], ids=["rules", "notes"])
def test_what_is_said_on_planted_activations_is_translated(
    made: Callable[[], Iterable[Message]], language: str
) -> None:
    words = load_words(language)
    unknown = {part.text for part in made() if not words.evidence.gettext(part.text)}
    assert unknown == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_controls_are_described_in_every_language(language: str) -> None:
    words = load_words(language)
    assert words.knows(describe_swapped(DOCUMENT))
    assert words.knows(describe_pooled(DOCUMENT))


def test_the_plantings_make_sentences_of_every_verdict() -> None:
    verdicts = {str(part.values.get("verdict", part.text)) for part in rule_parts()}
    assert {"supported", "refuted", "inconclusive"} <= verdicts
    assert any("not applicable" in verdict for verdict in verdicts)
