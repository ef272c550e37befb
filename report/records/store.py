"""Evidence on disk: written whole or not at all, and read back with clear errors."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from layerclaims.errors import SentenceError
from layerclaims.message import Message, message
from layerclaims.report.records.evidence import (
    EVIDENCE_NAME,
    POINTS_NAME,
    SCHEMA_PATH,
    Evidence,
    Record,
)
from layerclaims.report.records.report_folder import RESULTS_NAME, RUN_KEY, clear_reports, evidence_head
from layerclaims.serialization.files import prepared, write_atomically
from layerclaims.serialization.regular_file import read_regular
from layerclaims.text import shorten, visible

Points = dict[str, NDArray[Any]]
RecordType = TypeVar("RecordType", bound=Record)


class EvidenceError(SentenceError, ValueError):
    """The evidence cannot be used."""


def write_evidence(
    evidence: Evidence, folder: Path, points: Points | None = None, results: str | None = None
) -> Path:
    """Write a run's evidence, and the sampled pairs and the table of results beside it.

    The text is parsed again before it replaces an earlier file, so that what is on disk can be read. All is
    written before anything is replaced, and an earlier run's report is removed before the new evidence comes:
    so at every moment, what lies beside the evidence belongs to it.

    Parameters
    ----------
    evidence : Evidence
        What the run found.
    folder : Path
        Made where missing.
    points : dict of str to ndarray, optional
        Tensors as at `report.records.evidence.POINTS_NAME`.
    results : str, optional
        As `report.records.results.results_csv` writes it.

    Returns
    -------
    Path
        Of the evidence file.

    Raises
    ------
    EvidenceError
        If the points disagree with the evidence, or the written text would not read back equal.
    OSError
        If the folder cannot be made or written to; the earlier evidence is then as it was.
    """
    path = folder / EVIDENCE_NAME
    with ExitStack() as stack:
        beside: dict[str, bytes | str] = {}
        if points is not None:
            check_points(evidence, points)
            beside[POINTS_NAME] = _points_bytes(points, evidence.run)
        if results is not None:
            beside[RESULTS_NAME] = results
        put_beside = [stack.enter_context(prepared(folder / name, beside[name])) for name in beside]
        put_evidence = stack.enter_context(prepared(path, _evidence_text(evidence)))
        clear_reports(folder)
        for name in (POINTS_NAME, RESULTS_NAME):
            (folder / name).unlink(missing_ok=True)
        put_evidence()
        for put_in_place in put_beside:
            put_in_place()
    return path


def update_evidence(evidence: Evidence, folder: Path) -> None:
    """Write a run's evidence again; the files beside it stay.

    Raises
    ------
    EvidenceError
        If the evidence there is of another run, which came in between.
    OSError
        If it cannot be written; the earlier evidence is then as it was.
    """
    path = folder / EVIDENCE_NAME
    if evidence_head(path).get("run") != evidence.run:
        raise EvidenceError("{path} was replaced by another run meanwhile", path=visible(str(path)))
    write_atomically(path, _evidence_text(evidence))


def _evidence_text(evidence: Evidence) -> str:
    text = evidence.model_dump_json(indent=1) + "\n"
    if Evidence.model_validate_json(text) != evidence:
        raise EvidenceError("the evidence does not read back as it was written")
    return text


def _points_bytes(points: Points, run: str) -> bytes:
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(values) for name, values in points.items()}
    return save(contiguous, {RUN_KEY: run} if run else None)


def read_evidence(path: Path, prepare: Callable[[Any], Any] = lambda data: data) -> Evidence:
    """Read an evidence file, or the one in a folder.

    Parameters
    ----------
    path : Path
    prepare : callable
        Changes the file's JSON before it is checked, such as leaving out what is not wanted.

    Raises
    ------
    EvidenceError
        If there is none, or it is not valid evidence; says what and where.
    """
    path = Path(path)
    return read_record(
        path / EVIDENCE_NAME if path.is_dir() else path, Evidence, message("evidence"), prepare
    )


def read_record(
    path: Path, model: type[RecordType], noun: Message, prepare: Callable[[Any], Any] = lambda data: data
) -> RecordType:
    """Read a JSON file of a versioned record; ``noun`` is what errors call it.

    Raises
    ------
    EvidenceError
        If there is none, or it is not valid; says what and where.
    """
    shown = visible(str(path))
    try:
        data = json.loads(read_regular(path))
    except FileNotFoundError:
        raise EvidenceError("no {noun} at {path}", noun=noun, path=shown) from None
    except OSError as error:
        raise EvidenceError("cannot read {path}: {reason}", path=shown, reason=error.strerror) from None
    except (ValueError, RecursionError) as error:
        raise EvidenceError("{path} is not JSON: {error}", path=shown, error=visible(str(error))) from None
    _check_version(data, model, noun, shown)
    try:
        return model.model_validate_json(json.dumps(prepare(data)))
    except ValidationError as error:
        fault = first_fault(error)
        raise EvidenceError(
            "{path} is no valid {noun}: {fault}", path=shorten(shown, 150), noun=noun, fault=fault
        ) from None


def first_fault(error: ValidationError) -> Message:
    """Say where a record is wrong, and what is wrong there in pydantic's words."""
    first, n_more = error.errors()[0], error.error_count() - 1
    place = shorten(visible(".".join(str(part) for part in first["loc"])), 100)
    fault = shorten(visible(first["msg"]), 200)
    said = message("at {place}, {fault}", place=place or message("the top level"), fault=fault)
    return message("{fault}, and {n} faults more", fault=said, n=n_more) if n_more else said


def read_points(folder: Path) -> Points | None:
    """Read the sampled pairs beside the evidence, or None where the run left none.

    Raises
    ------
    EvidenceError
        If the file is there but broken.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = Path(folder) / POINTS_NAME
    shown = visible(str(path))
    try:
        return dict(load(read_regular(path)))
    except FileNotFoundError:
        return None
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise EvidenceError(
            "cannot read {path}: {error}", path=shown, error=shorten(visible(str(error)), 200)
        ) from None


def check_points(evidence: Evidence, points: Points) -> None:
    """Refuse sampled pairs that belong to another run.

    Raises
    ------
    EvidenceError
        Names the tensor whose shape or content does not fit the evidence.
    """
    for kind, n_tokens in evidence.subject.tokens.items():
        index = points.get(f"{kind}.index")
        if index is None:
            continue
        if index.ndim != 2 or index.shape[1] != 2 or np.any((index < 0) | (index >= n_tokens)):
            raise EvidenceError(
                "{file}: {kind}.index does not fit {n_tokens} tokens",
                file=POINTS_NAME,
                kind=kind,
                n_tokens=n_tokens,
            )
        expected = (evidence.subject.n_layers + 1, len(index))
        for name in (f"{kind}.{measure.name}" for measure in evidence.measures):
            found = points[name].shape if name in points else message("nothing")
            if found != expected:
                raise EvidenceError(
                    "{file}: {name} should be {expected}, found {found}",
                    file=POINTS_NAME,
                    name=name,
                    expected=expected,
                    found=found,
                )


def drop_undefined(points: Points) -> Points:
    """Leave out pairs with a measure that is undefined at some layer, as Pearson's is for constant vectors.

    Kinds of which no pair remains are left out whole.
    """
    kept: Points = {}
    for kind in [name.removesuffix(".index") for name in points if name.endswith(".index")]:
        own = {name: values for name, values in points.items() if name.startswith(f"{kind}.")}
        index = own.pop(f"{kind}.index")
        defined = np.all([np.isfinite(values).all(axis=0) for values in own.values()], axis=0)
        if defined.any():
            kept[f"{kind}.index"] = index[defined]
            kept |= {name: values[:, defined] for name, values in own.items()}
    return kept


def json_schema() -> str:
    """Export the JSON Schema of evidence from its models."""
    schema = Evidence.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=1) + "\n"


def write_schema(path: Path = SCHEMA_PATH) -> Path:
    """Write the schema beside the models that it comes from."""
    write_atomically(path, json_schema())
    return path


def _check_version(data: Any, model: type[Record], noun: Message, shown: str) -> None:  # noqa: ANN401 - JSON
    expected: int = model.model_fields["schema_version"].default
    version = data.get("schema_version", expected) if isinstance(data, dict) else expected
    if not isinstance(version, int) or version == expected:
        return  # anything but a number is a fault that validation names
    if version < expected:
        raise EvidenceError(
            "{path} is {noun} of schema version {version}, and this release reads version "
            "{expected}: measure again, or read it with the release that wrote it",
            path=shown,
            noun=noun,
            version=version,
            expected=expected,
        )
    raise EvidenceError(
        "{path} is {noun} of schema version {version}, and this release reads version "
        "{expected}: read it with the release that wrote it, or a later one",
        path=shown,
        noun=noun,
        version=version,
        expected=expected,
    )
