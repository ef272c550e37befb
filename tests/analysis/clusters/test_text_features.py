import pytest

from layerclaims.analysis.clusters.text_features import FEATURES, MarkText, last_word, measure_features

EXAMPLES: dict[str, tuple[MarkText, MarkText]] = {
    # Feature: a window that has it, and one that nearly has it.
    "a comma earlier in the window": (
        MarkText("tall, dark and slow", ",", " he came"),
        MarkText("dark and slow", ",", " tall, he came"),
    ),
    "a full stop, ! or ? earlier in the window": (
        MarkText("He slept. At noon", ",", " a shot"),
        MarkText("At noon", ",", " a shot. He woke"),
    ),
    "a semicolon, colon or dash earlier in the window": (
        MarkText("the man—the best of them", ",", ""),
        MarkText("a well-known man", ",", " you see: the best"),
    ),
    "a quotation mark earlier in the window": (
        MarkText("he said “come here", ",", ""),
        MarkText("the sailors' and the captain’s", ",", " “he said"),
    ),
    "a line break earlier in the window": (
        MarkText("on the\nold river", ",", ""),
        MarkText("on the old river", ",", "\nwe"),
    ),
    "a line break at most 5 words before the mark": (
        MarkText("we saw the\nold river, brown and slow", ",", ""),
        MarkText("we saw\nthe old river, brown and slow", ",", "\n"),
    ),
    "a line break right before the mark": (
        MarkText("on the river\n", ",", " we"),
        MarkText("on the\nriver", ",", "\nwe"),
    ),
    "a space before the mark": (MarkText("the river", " ,", " we"), MarkText("the river", ",", " we")),
    "a word of up to 3 letters before the mark": (MarkText("I sat", ",", ""), MarkText("as seen", ",", "")),
    "a word of 8 letters or more before the mark": (
        MarkText("the director", ",", ""),
        MarkText("directors gathered", ",", "")._replace(before="directors met"),
    ),
    "a capitalised word before the mark": (MarkText("saw Marlow", ",", ""), MarkText("Marlow sat", ",", "")),
    "a word in -ing before the mark": (MarkText("was resting", ",", ""), MarkText("resting well", ",", "")),
    "a word in -ly before the mark": (MarkText("quite lazily", ",", ""), MarkText("lazily done", ",", "")),
    "a word in -ed before the mark": (MarkText("had stopped", ",", ""), MarkText("stopped there", ",", "")),
    "a conjunction before the mark": (
        MarkText("aspect,\nand", ",", " with"),
        MarkText("the sand", ",", " and"),
    ),
    "a conjunction after the mark": (MarkText("sat", ",", "\nand rose"), MarkText("sat", ",", " android")),
    "a relative or subordinating word after the mark": (
        MarkText("the man", ",", " who rose"),
        MarkText("the man", ",", " whole again"),
    ),
    "a line break right after the mark": (
        MarkText("sat", ",", " \nand"),
        MarkText("sat\n", ",", " and\n"),
    ),
    "a closing quotation mark right after the mark": (
        MarkText("“come here", ",", "” he said"),
        MarkText("he said", ",", " “come here”"),
    ),
}


def test_every_feature_has_an_example() -> None:
    assert set(EXAMPLES) == set(FEATURES)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_is_found_where_it_is_and_only_there(name: str) -> None:
    having, lacking = EXAMPLES[name]
    assert FEATURES[name](having)
    assert not FEATURES[name](lacking)


@pytest.mark.parametrize("name", FEATURES)
def test_a_mark_without_text_around_it_has_no_feature(name: str) -> None:
    assert not FEATURES[name](MarkText("", ",", ""))


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("the Lawyer’s", "Lawyer’s"),
        ("twenty-four", "twenty-four"),
        ("end.\n\n“", "end"),
        ("...", ""),
        ("", ""),
    ],
)
def test_the_last_word_is_found_behind_punctuation(before: str, word: str) -> None:
    assert last_word(before) == word


def test_features_are_measured_for_every_window_in_order() -> None:
    texts = [MarkText("one, two", ",", ""), MarkText("one two", ",", ""), MarkText("one,", ",", "")]
    measured = measure_features(texts)
    assert list(measured) == list(FEATURES)
    assert measured["a comma earlier in the window"].tolist() == [True, False, True]
