"""Find faults of a sweep's file beyond single keys (missing parts, conflicts, options), before it runs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.fixtures.options.table import OPTIONS
from layerclaims.message import Message, as_message, message
from layerclaims.subject.resolving.model_source import is_hub_id
from layerclaims.sweep.planning.locate import is_local
from layerclaims.sweep.planning.plan_file import (
    SHOWN_CHARACTERS,
    CorpusEntry,
    ModelEntry,
    Options,
    OptionValue,
    PlanFile,
    SpecificationEntry,
    SubjectEntry,
)
from layerclaims.text import shorten, visible

SUBJECT_OPTIONS = ("model", "revision", "corpus", "activations")
OWN_OPTIONS = ("report-dir", "exit-zero", "save-activations", "update-baseline")
"""Options that the sweep sets itself, or with which all jobs would write to the same file."""
BY_NAME = {option.name: option for option in OPTIONS}


def structure_faults(file: PlanFile, base: Path) -> Iterator[Message]:
    """Yield a sentence for each missing part and each conflict."""
    if not (file.models or file.activations or file.subjects):
        yield message("there is nothing to measure: name models, activations or subjects")
    if file.models and not file.corpora:
        yield message("corpora is missing: models are measured on texts")
    if file.corpora and not file.models:
        yield message("models is missing: texts are what models are measured on")
    local = [is_local(model.name, base) for model in file.models]
    for i, model in enumerate(file.models):
        if not (local[i] or is_hub_id(model.name)):
            yield message("{place}: {fault}", place=f"models[{i}]", fault=_no_model(model.name))
    if file.revisions and all(local):
        yield message("revisions belong to hub models, and none is named")
    for i, model in enumerate(file.models):
        if model.revisions and local[i]:
            yield message(
                "models[{i}].revisions belong to a hub model, and {model} is on this machine",
                i=i,
                model=model.name,
            )
    for i, subject in enumerate(file.subjects):
        if not (subject.model or subject.activations):
            yield message("subjects[{i}] names neither a model nor activations", i=i)
        if subject.model and not (is_local(subject.model, base) or is_hub_id(subject.model)):
            yield message("{place}: {fault}", place=f"subjects[{i}].model", fault=_no_model(subject.model))
        if subject.model and not subject.corpus:
            yield message("subjects[{i}].corpus is missing: a model is measured on a text", i=i)
    names = [specification.name for specification in file.specifications]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield message("specifications: two of them are called {name}", name=repr(name))


def _no_model(name: str) -> Message:
    shown = repr(shorten(visible(name), SHOWN_CHARACTERS))
    return message(
        "{name} is neither a file or folder here nor a name that a hub's model can have", name=shown
    )


def option_faults(file: PlanFile) -> Iterator[Message]:
    """Check every table of options separately, so that each fault is named once, with its place."""
    tables: list[tuple[str, Options]] = [("", file.options)]
    sections: dict[str, Iterable[ModelEntry | CorpusEntry | SpecificationEntry | SubjectEntry]] = {
        "models": file.models,
        "corpora": file.corpora,
        "specifications": file.specifications,
        "subjects": file.subjects,
    }
    for section, entries in sections.items():
        tables += [(f"{section}[{i}].", entry.options) for i, entry in enumerate(entries)]
    for place, options in tables:
        for name, value in options.items():
            if fault := _option_fault(name, value):
                yield message("{place}: {fault}", place=f"{place}options.{name}", fault=fault)


def _option_fault(name: str, value: OptionValue) -> Message | None:
    if name not in BY_NAME:
        known = ", ".join(sorted(set(BY_NAME) - set(SUBJECT_OPTIONS) - set(OWN_OPTIONS)))
        return message("`pytest claims/` has no such option; it has {known}", known=known)
    if name in SUBJECT_OPTIONS:
        return message("a key of its own names it, not an option")
    if name in OWN_OPTIONS:
        return message("the sweep decides that itself")
    try:
        BY_NAME[name].read(text_of(value))
    except InputError as error:
        return as_message(error)
    return None


def text_of(value: OptionValue) -> str:
    """Write a value of the file as on a command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)
