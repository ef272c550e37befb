"""Make the jobs of a sweep's file: models x revisions x corpora x specifications, all checked first."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.fixtures.options.chosen import parse_options
from layerclaims.message import SOURCE_LANGUAGE, as_message, message
from layerclaims.sweep.jobs.job import Job
from layerclaims.sweep.jobs.project import claims_folder
from layerclaims.sweep.planning.identity import DEFAULTS, Digests, identity
from layerclaims.sweep.planning.locate import absolute, is_local, located
from layerclaims.sweep.planning.plan_checks import (
    BY_NAME,
    SUBJECT_OPTIONS,
    option_faults,
    structure_faults,
    text_of,
)
from layerclaims.sweep.planning.plan_file import (
    Options,
    PlanFile,
    Resources,
    SpecificationEntry,
    fault_list,
    read_plan_file,
)
from layerclaims.text import visible

READABLE_CHARACTERS = 80
HASH_CHARACTERS = 10


@dataclass(frozen=True)
class Plan:
    """Jobs of a sweep and their output.

    Attributes
    ----------
    output : str or None
        Folder or URL, if the file names one.
    language : str
        Of the terminal and the comparison, as the file's options name it.
    claims : Path
        Folder of the claims to decide.
    jobs : tuple of Job
        In the order of the file: model, revision, corpus, specification.
    not_here : tuple of str
        Named files and folders that this machine lacks; another machine of a cluster may have them.
    """

    output: str | None
    language: str
    claims: Path
    jobs: tuple[Job, ...]
    not_here: tuple[str, ...]


@dataclass(frozen=True)
class _Subject:
    """One cell of the grid before it is checked; `place` is its place in the file."""

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
        If the file or an option in it is wrong; the message has all faults.
    """
    path = path.expanduser()
    file = read_plan_file(path)
    faults = [*option_faults(file), *structure_faults(file, path.absolute().parent)]
    if faults:
        raise fault_list(path, faults)
    base = path.absolute().parent
    digests = Digests()
    try:
        claims = claims_folder(file.claims, base)
    except InputError as error:
        raise fault_list(path, [as_message(error)]) from None
    jobs: dict[str, tuple[Job, str]] = {}
    for subject in _subjects(file, base):
        try:
            job, decisive = _job(subject, base, digests, file.claims)
        except InputError as error:
            faults.append(message("{place}: {fault}", place=subject.place, fault=as_message(error)))
            continue
        if decisive in jobs:
            faults.append(
                message(
                    "{place} is the same measurement as {other}: leave one out",
                    place=subject.place,
                    other=jobs[decisive][1],
                )
            )
        jobs.setdefault(decisive, (job, subject.place))
    if faults:
        raise fault_list(path, faults)
    output = file.output
    if output and "://" not in output:
        output = str(absolute(output, base))
    return Plan(
        output,
        str(file.options.get("lang", SOURCE_LANGUAGE)),
        claims,
        tuple(job for job, _ in jobs.values()),
        tuple(digests.missing),
    )


def _subjects(file: PlanFile, base: Path) -> Iterator[_Subject]:
    """Expand the grid in the file's order; a missing list counts as one empty choice."""
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
        # The grid's revisions apply to hub models only.
        shared = [] if is_local(model.name, base) else file.revisions
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


def _job(subject: _Subject, base: Path, digests: Digests, claims: str | None) -> tuple[Job, str]:
    """Check one subject's options together; return its job and the identity of its result."""
    given: dict[str, str] = {}
    for options in subject.options:
        given |= {name: text_of(value) for name, value in options.items()}
    given = located(given | subject.values, base)
    parsed = parse_options({name.replace("-", "_"): value for name, value in given.items()})
    for name, value in asdict(parsed).items():
        if isinstance(value, Path) and value != getattr(DEFAULTS, name):
            given[name.replace("_", "-")] = str(absolute(str(value), base))
    decisive = identity(parsed, given, digests, claims)
    hashed = hashlib.sha256(decisive.encode()).hexdigest()[:HASH_CHARACTERS]
    label = visible(_label(subject))
    readable = re.sub(r"[^A-Za-z0-9._]+", "-", label).strip("-.")[:READABLE_CHARACTERS].rstrip("-.")
    key = f"{readable or 'subject'}-{hashed}"
    return Job(key=key, label=label, arguments=_arguments(given), resources=subject.resources), decisive


def _arguments(given: dict[str, str]) -> tuple[str, ...]:
    """Write options as on a command line."""
    arguments: list[str] = []
    for name, value in given.items():
        option = BY_NAME[name]
        if not option.switch:
            # A value that begins with a dash would be read as an option.
            arguments += [f"--{name}={value}"] if value.startswith("-") else [f"--{name}", value]
        elif option.read(value) != getattr(DEFAULTS, option.field):
            # A switch has only the flag that differs from its default.
            arguments.append(f"--{name}" if option.read(value) else f"--no-{name}")
    return tuple(arguments)


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
