"""``python -m tests.mutation.guards``: take each guard against a wrong number away, and see its test fail.

A guard is the line that refuses a model or text, or keeps runs apart. Broken are those of docs/reliability.md
from which a wrong number would come without a word.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.command import ROOT
from tests.mutation.workplace import Workplace

MODEL, READING = "tests/subject/model", "tests/subject/reading"


@dataclass(frozen=True)
class Guard:
    """A line of a module that must not be missing.

    Attributes
    ----------
    module, line : str
    broken : str
        What stands in its place.
    tests : str
        File of the tests that must fail then.
    """

    module: str
    line: str
    broken: str
    tests: str


GUARDS = (
    Guard(
        "subject/model/unused_weights.py",
        "    if adapters:",
        "    if False:",
        f"{MODEL}/test_unused_weights.py",
    ),
    Guard(
        "subject/model/unused_weights.py",
        "    if surplus:",
        "    if False:",
        f"{MODEL}/test_unused_weights.py",
    ),
    Guard(
        "subject/model/unused_weights.py",
        "int(number[1]) >= n_blocks:",
        "int(number[1]) > n_blocks:",
        f"{MODEL}/test_unused_weights.py",
    ),
    Guard(
        "subject/model/unused_weights.py",
        "not measured.holds(key) and _is_ignored(key, measured)",
        "_is_ignored(key, measured)",
        f"{MODEL}/test_unused_weights.py",
    ),
    Guard(
        "subject/reading/tokenizer_check.py",
        "if expected == token_ids:",
        "if expected:",
        f"{READING}/test_tokenizer_check.py",
    ),
    Guard(
        "subject/reading/tokenizer_check.py",
        "file.no_truncation()",
        "pass",
        f"{READING}/test_tokenizer_check.py",
    ),
    Guard(
        "subject/reading/token_ids.py",
        " if token_ids[position] == token]",
        "]",
        f"{READING}/test_token_ids.py",
    ),
    Guard(
        "subject/model/gguf_conversion.py",
        "return manifest if whole else None",
        "return manifest",
        f"{MODEL}/test_gguf_conversion.py",
    ),
    Guard(
        "subject/model/gguf_conversion.py",
        "    if measured:",
        "    if False:",
        f"{MODEL}/test_gguf_conversion.py",
    ),
    Guard(
        "subject/resolving/corpus.py",
        "        if wrong:",
        "        if False:",
        "tests/subject/resolving/test_corpus.py",
    ),
    Guard(
        "subject/resolving/corpus.py",
        "checksum.unlink(missing_ok=True)",
        "pass",
        "tests/subject/resolving/test_corpus.py",
    ),
    Guard(
        "subject/resolving/corpus.py",
        "is_whole and not describe_wrong_text(content, source)",
        "is_whole",
        "tests/subject/resolving/test_corpus.py",
    ),
    Guard(
        "report/records/report_folder.py",
        'f"{name}-{subject.identity[:IDENTITY_DIGITS]}"',
        "name",
        "tests/report/records/test_report_folder.py",
    ),
    Guard(
        "report/records/report_folder.py",
        "path.is_file() and run_of(path) != run",
        "False",
        "tests/report/page/test_render.py",
    ),
    Guard(
        "fixtures/assembly/identification.py",
        "str(declared).lower() == str(measured).lower() if known else named",
        "named",
        "tests/fixtures/assembly/test_identification.py",
    ),
)


def broken(guard: Guard) -> str:
    """Give the module's source without a guard.

    Raises
    ------
    ValueError
        If the line does not stand there once.
    """
    source = (ROOT / guard.module).read_text(encoding="utf-8")
    if source.count(guard.line) != 1:
        raise ValueError(f"{guard.module} holds {guard.line!r} {source.count(guard.line)} times")
    return source.replace(guard.line, guard.broken)


def main() -> int:
    unseen = 0
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="layerclaims-mutation-") as folder:
        workplace = Workplace(Path(folder))
        for guard in GUARDS:
            if guard.tests not in seconds:
                seconds[guard.tests] = workplace.seconds((guard.tests,))
            outcome = workplace.outcome(guard.module, broken(guard), (guard.tests,), seconds[guard.tests])
            unseen += outcome == "survived"
            sys.stdout.write(f"{outcome}: {guard.module}: {guard.line.strip()} -> {guard.broken.strip()}\n")
            sys.stdout.flush()
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
