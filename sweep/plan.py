"""From a sweep's file to its jobs: models x revisions x corpora x specifications, all checked first."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fixtures.corpus import DOCUMENT_CORPUS, EMBEDDED_CORPUS
from fixtures.errors import InputError
from fixtures.model_source import EMBEDDED_MODEL, ModelSource
from fixtures.options import OPTIONS, RunOptions, parse_options
from sweep.job import Job
from sweep.plan_file import (
    CorpusEntry,
    ModelEntry,
    Options,
    OptionValue,
    PlanFile,
    Resources,
    SpecificationEntry,
    SubjectEntry,
    fault_list,
    read_plan_file,
)

SUBJECT_OPTIONS = ("model", "revision", "corpus", "activations")
OWN_OPTIONS = ("report-dir", "exit-zero", "save-activations", "update-baseline")
"""What the sweep decides itself, or what would make its jobs write one file."""
# These change where and how fast a result is computed, not the result.
NOT_DECIDING = ("report_dir", "exit_zero", "cache_dir", "cache", "offline", "batch_size")
BY_NAME = {option.name: option for option in OPTIONS}
DEFAULTS = parse_options({})
READABLE_CHARACTERS = 80
HASH_CHARACTERS = 10


@dataclass(frozen=True)
class Plan:
    """What a sweep is to do.

    Attributes
    ----------
    output : str or None
        Folder or URL, where the file names one.
    jobs : tuple of Job
        In the order of the file: model, revision, corpus, specification.
    not_here : tuple of str
        Files and folders that are not on this machine; another machine of a cluster may have them.
    """

    output: str | None
    jobs: tuple[Job, ...]
    not_here: tuple[str, ...]


@dataclass(frozen=True)
class _Subject:
    """One cell of the grid before it is checked; `place` says where in the file it comes from."""

    place: str
    values: dict[str, str]
    options: tuple[Options, ...]
    resources: Resources
    specification: str | None = None
    name: str | None = None


def read_plan(path: Path) -> Plan:
    """Read a sweep's file and make its jobs.

    Raises
    ------
    InputError
        If the file or an option in it is wrong; names all faults at once.
    """
    path = path.expanduser()
    file = read_plan_file(path)
    faults = dict.fromkeys([*_option_faults(file), *_structure_faults(file, path.absolute().parent)])
    if faults:
        raise InputError(fault_list(path, faults))
    base = path.absolute().parent
    digests = _Digests()
    jobs: dict[str, tuple[Job, str]] = {}
    for subject in _subjects(file, base):
        try:
            job, identity = _job(subject, base, digests)
        except InputError as error:
            faults[f"{subject.place}: {error}"] = None
            continue
        if identity in jobs:
            faults[f"{subject.place} is the same measurement as {jobs[identity][1]}: leave one out"] = None
        jobs.setdefault(identity, (job, subject.place))
    if faults:
        raise InputError(fault_list(path, faults))
    output = file.output
    if output and "://" not in output:
        output = str(_absolute(output, base))
    return Plan(output, tuple(job for job, _ in jobs.values()), tuple(digests.missing))


def _structure_faults(file: PlanFile, base: Path) -> Iterator[str]:
    if not (file.models or file.activations or file.subjects):
        yield "there is nothing to measure: name models, activations or subjects"
    if file.models and not file.corpora:
        yield "corpora is missing: models are measured on texts"
    if file.corpora and not file.models:
        yield "models is missing: texts are what models are measured on"
    local = [_is_local(model.name, base) for model in file.models]
    if file.revisions and all(local):
        yield "revisions belong to hub models, and none is named"
    for i, model in enumerate(file.models):
        if model.revisions and local[i]:
            yield f"models[{i}].revisions belong to a hub model, and {model.name} is on this machine"
    for i, subject in enumerate(file.subjects):
        if not (subject.model or subject.activations):
            yield f"subjects[{i}] names neither a model nor activations"
        if subject.model and not subject.corpus:
            yield f"subjects[{i}].corpus is missing: a model is measured on a text"
    names = [specification.name for specification in file.specifications]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"specifications: two of them are called {name!r}"


def _option_faults(file: PlanFile) -> Iterator[str]:
    """Check every table of options by itself, so that a fault is named once and with its place."""
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
                yield f"{place}options.{name}: {fault}"


def _option_fault(name: str, value: OptionValue) -> str | None:
    if name not in BY_NAME:
        known = ", ".join(sorted(set(BY_NAME) - set(SUBJECT_OPTIONS) - set(OWN_OPTIONS)))
        return f"`pytest claims/` has no such option; it has {known}"
    if name in SUBJECT_OPTIONS:
        return "a key of its own names it, not an option"
    if name in OWN_OPTIONS:
        return "the sweep decides that itself"
    try:
        BY_NAME[name].parse(name, _text(value))
    except InputError as error:
        return str(error)
    return None


def _subjects(file: PlanFile, base: Path) -> Iterator[_Subject]:
    """Expand the grid in the file's order; what is not given counts as one empty choice."""
    specifications: list[SpecificationEntry | None] = [*file.specifications] or [None]
    for source in _sources(file, base):
        for specification in specifications:
            if specification is None:
                yield source
                continue
            yield replace(
                source,
                place=f"{source.place}, specification {specification.name!r}",
                options=(*source.options, specification.options),
                specification=specification.name,
            )
    for i, entry in enumerate(file.subjects):
        values = {name: value for name in SUBJECT_OPTIONS if (value := getattr(entry, name))}
        resources = _merged(file.resources, entry.resources)
        yield _Subject(f"subjects[{i}]", values, (file.options, entry.options), resources, name=entry.name)


def _sources(file: PlanFile, base: Path) -> Iterator[_Subject]:
    for i, model in enumerate(file.models):
        # The grid's revisions are those of hub models.
        shared = [] if _is_local(model.name, base) else file.revisions
        revisions: list[str | None] = [*(model.revisions or shared)] or [None]
        for revision in revisions:
            for j, corpus in enumerate(file.corpora):
                place = f"models[{i}] on corpora[{j}]" + (f" at {revision}" if revision else "")
                values = {"model": model.name, "revision": revision, "corpus": corpus.name}
                yield _Subject(
                    place,
                    {name: value for name, value in values.items() if value},
                    (file.options, model.options, corpus.options),
                    _merged(file.resources, model.resources),
                )
    for i, name in enumerate(file.activations):
        yield _Subject(f"activations[{i}]", {"activations": name}, (file.options,), file.resources)


def _merged(resources: Resources, own: Resources) -> Resources:
    return resources.model_copy(update=own.model_dump(exclude_unset=True))


def _job(subject: _Subject, base: Path, digests: "_Digests") -> tuple[Job, str]:
    """Check one subject's options together; give its job and what decides its result."""
    given: dict[str, str] = {}
    for options in subject.options:
        given |= {name: _text(value) for name, value in options.items()}
    given |= _located(subject.values, base)
    parsed = parse_options({name.replace("-", "_"): value for name, value in given.items()})
    for name, value in asdict(parsed).items():
        if isinstance(value, Path) and value != getattr(DEFAULTS, name):
            given[name.replace("_", "-")] = str(_absolute(str(value), base))
    identity = _identity(parsed, given, digests)
    hashed = hashlib.sha256(identity.encode()).hexdigest()[:HASH_CHARACTERS]
    label = _label(subject)
    readable = re.sub(r"[^A-Za-z0-9._]+", "-", label).strip("-.")[:READABLE_CHARACTERS].rstrip("-.")
    key = f"{readable or 'subject'}-{hashed}"
    return Job(key=key, label=label, arguments=_arguments(given), resources=subject.resources), identity


def _located(values: dict[str, str], base: Path) -> dict[str, str]:
    """Make the paths among a subject's names absolute: a job runs in a folder of its own."""
    located = dict(values)
    if "model" in values and values["model"] != EMBEDDED_MODEL and _is_local(values["model"], base):
        located["model"] = str(_absolute(values["model"], base))
    if "corpus" in values and values["corpus"] not in (DOCUMENT_CORPUS, EMBEDDED_CORPUS):
        located["corpus"] = str(_absolute(values["corpus"], base))
    if "activations" in values:
        located["activations"] = str(_absolute(values["activations"], base))
    return located


def _is_local(model: str, base: Path) -> bool:
    """Tell a model on disk, or the embedded one, from a hub's, as `fixtures.model_source` does."""
    looks_like_path = model.startswith((".", "/", "~")) or model.endswith(".gguf") or model.count("/") > 1
    return model == EMBEDDED_MODEL or looks_like_path or (base / model).exists()


def _absolute(name: str, base: Path) -> Path:
    try:
        path = base / Path(name).expanduser()
    except RuntimeError:  # ~someone, and there is no such user
        raise InputError(f"{name}: the home folder is not known; write the path out") from None
    return Path(re.sub(r"/(\./)+", "/", str(path)))


def _arguments(given: dict[str, str]) -> tuple[str, ...]:
    """Write options as a command line has them."""
    arguments: list[str] = []
    for name, value in given.items():
        option = BY_NAME[name]
        if not option.switch:
            arguments += [f"--{name}", value]
        elif value != option.default:
            arguments.append(f"--{name}" if option.parse(name, value) else f"--no-{name}")
    return tuple(arguments)


def _identity(parsed: RunOptions, given: dict[str, str], digests: "_Digests") -> str:
    """Write down all that decides a result: choices that are not the default, and contents of files."""
    choices = {
        name: str(value)
        for name, value in asdict(parsed).items()
        if name not in NOT_DECIDING and value != getattr(DEFAULTS, name)
    }
    for name, value in given.items():
        if Path(value).is_absolute() and name.replace("-", "_") in choices:
            choices[name.replace("-", "_")] = Path(value).name
            choices[f"{name} sha256"] = digests.of(Path(value))
    return json.dumps(choices, sort_keys=True)


class _Digests:
    """Hashes of the contents of files and model folders, each taken once."""

    def __init__(self) -> None:
        self._known: dict[Path, str] = {}
        self.missing: dict[str, None] = {}

    def of(self, path: Path) -> str:
        """Hash a path's content; one that is not on this machine is known by its name."""
        if path not in self._known:
            try:
                self._known[path] = ModelSource(path.name, path).sha256() if path.exists() else ""
            except OSError as error:
                raise InputError(f"{path} cannot be read: {error.strerror}") from None
            if not path.exists():
                self.missing[str(path)] = None
        return self._known[path] or str(path)


def _label(subject: _Subject) -> str:
    """Name a subject for people: model, revision, text, specification."""
    values = subject.values
    if subject.name:
        return subject.name
    if "activations" in values:
        what = Path(values["activations"]).stem
    else:
        model = values["model"].rstrip("/").split("/")[-1]
        what = " ".join([model, *([values["revision"]] if "revision" in values else [])])
        what += f" on {Path(values['corpus']).name.removesuffix('.txt')}"
    return f"{what}, {subject.specification}" if subject.specification else what


def _text(value: OptionValue) -> str:
    """Write a value of the file as a command line would."""
    return str(value).lower() if isinstance(value, bool) else str(value)
