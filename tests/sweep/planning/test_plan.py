import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerclaims.errors import InputError
from layerclaims.fixtures.options.chosen import parse_options
from layerclaims.fixtures.options.table import OPTIONS
from layerclaims.sweep.jobs.job import Job
from layerclaims.sweep.planning.plan import Plan, read_plan

NAMES = st.lists(
    st.text("abcdefgh-_ ,=é", min_size=1, max_size=12).filter(lambda name: name.strip() == name),
    min_size=1,
    max_size=4,
    unique=True,
)

HUB_NAMES = st.lists(st.text("abcdefgh0123", min_size=1, max_size=12), min_size=1, max_size=4, unique=True)


def plan(folder: Path, text: str) -> Plan:
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as raised:
        plan(folder, text)
    return str(raised.value)


def values_of(job: Job) -> dict[str, str | None]:
    """Read a command line as `pytest claims/` does: every option as it reaches `parse_options`."""
    known: dict[str, tuple[str, str | None]]
    known = {f"--{option.name}": (option.field, None) for option in OPTIONS if not option.switch}
    for option in OPTIONS:
        if option.switch:
            known |= {
                f"--{option.name}": (option.field, "true"),
                f"--no-{option.name}": (option.field, "false"),
            }
    values: dict[str, str | None] = {}
    arguments = iter(job.arguments)
    for argument in arguments:
        flag, equals, value = argument.partition("=")
        field, constant = known[flag]
        values[field] = constant or (value if equals else next(arguments))
    return values


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sweep.toml"
    path.write_bytes(b'\xef\xbb\xbfmodels = ["smollm2-135m"]\ncorpora = ["embedded"]')
    assert len(read_plan(path).jobs) == 1


def test_the_grid_is_models_by_revisions_by_corpora_by_specifications_in_the_files_order(
    tmp_path: Path,
) -> None:
    found = plan(
        tmp_path,
        """
        models = ["smollm2-135m", { name = "hub/one", resources = { gpus = 1 } }]
        revisions = ["step1", "step2"]
        corpora = ["embedded", { name = "novel.txt", options = { skip-tokens = 400 } }]
        activations = ["saved.safetensors"]
        options.pdf = false
        resources.cpus = 2
        [[specifications]]
        name = "plain"
        [[specifications]]
        name = "30 bins"
        options.bins = 30
        [[subjects]]
        model = "hub/two"
        revision = "main"
        corpus = "embedded"
        """,
    )
    labels = [job.label for job in found.jobs]
    assert labels[:6] == [
        "smollm2-135m on embedded, plain",
        "smollm2-135m on embedded, 30 bins",
        "smollm2-135m on novel, plain",
        "smollm2-135m on novel, 30 bins",
        "one step1 on embedded, plain",
        "one step1 on embedded, 30 bins",
    ]
    assert labels[-3:] == ["saved, plain", "saved, 30 bins", "two main on embedded"]
    assert len(labels) == 4 + 8 + 2 + 1
    assert found.jobs[3].arguments == (
        *("--no-pdf", "--skip-tokens", "400", "--bins", "30"),
        *("--model", "smollm2-135m", "--corpus", str(tmp_path / "novel.txt")),
    )
    assert [job.resources.gpus for job in found.jobs] == [0] * 4 + [1] * 8 + [0] * 3
    assert {job.resources.cpus for job in found.jobs} == {2}
    assert found.not_here == (str(tmp_path / "novel.txt"), str(tmp_path / "saved.safetensors"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(HUB_NAMES, NAMES, NAMES, st.lists(st.integers(2, 64), min_size=1, max_size=3, unique=True))
def test_any_grid_has_one_job_a_cell_with_a_key_of_its_own(
    tmp_path: Path, models: list[str], revisions: list[str], corpora: list[str], bins: list[int]
) -> None:
    corpora = [f"{name}.txt" for name in corpora]
    quoted = [[json.dumps(name) for name in names] for names in (models, revisions, corpora)]
    specifications = "".join(f'[[specifications]]\nname = "{n}"\noptions.bins = {n}\n' for n in bins)
    text = "models = [{}]\nrevisions = [{}]\ncorpora = [{}]\n".format(*map(", ".join, quoted))
    jobs = plan(tmp_path, text + specifications).jobs
    cells = [
        (model, revision, str(tmp_path / corpus), str(n))
        for model in models
        for revision in revisions
        for corpus in corpora
        for n in bins
    ]
    given_values = [values_of(job) for job in jobs]
    assert [(v["model"], v["revision"], v["corpus"], v["bins"]) for v in given_values] == cells
    for values in given_values:
        parse_options(values)
    keys = [job.key for job in jobs]
    assert len(set(keys)) == len(cells)
    assert all(set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-._") for key in keys), keys
    assert plan(tmp_path, text + specifications).jobs == jobs


def test_the_key_changes_with_what_decides_the_result_and_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "novel.txt").write_text("One, two.")

    def key(options: str = "", corpus: str = "novel.txt") -> str:
        text = f'[[subjects]]\nmodel = "smollm2-135m"\ncorpus = "{corpus}"\n{options}'
        return plan(tmp_path, text).jobs[0].key

    first = key()
    assert key("options = { bins = 15, outlier-sd = 5.0, cache-dir = 'elsewhere', offline = true }") == first
    assert key("resources = { cpus = 4, time_limit_minutes = 1 }") == first
    assert key("options.bins = 16") != first
    (tmp_path / "moved").mkdir()
    (tmp_path / "novel.txt").rename(tmp_path / "moved" / "novel.txt")
    assert key(corpus="moved/novel.txt") == first
    (tmp_path / "moved" / "novel.txt").write_text("One, two, three.")
    assert key(corpus="moved/novel.txt") != first


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ("pdf = true, controls = 'auto', offline = false", ()),
        ("pdf = 'yes', offline = 'off'", ()),
        (
            "pdf = false, controls = true, specifications = false",
            ("--no-pdf", "--controls", "--no-specifications"),
        ),
        ("offline = true", ("--offline",)),
    ],
)
def test_switches_become_the_flags_that_there_are(
    tmp_path: Path, options: str, arguments: tuple[str, ...]
) -> None:
    (job,) = plan(tmp_path, f'activations = ["a"]\noptions = {{ {options} }}').jobs
    assert job.arguments == (*arguments, "--activations", f"{tmp_path}/a")


def test_paths_among_the_names_are_those_of_the_files_folder(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    found = plan(
        tmp_path,
        """
        [[subjects]]
        model = "model"
        corpus = "texts/novel.txt"
        options = { trust-remote-code = "model", cache-dir = "cache", baseline = "../expected.json" }
        """,
    )
    (values,) = [values_of(job) for job in found.jobs]
    assert values == {
        "model": f"{tmp_path}/model",
        "corpus": f"{tmp_path}/texts/novel.txt",
        "trust_remote_code": f"{tmp_path}/model",
        "cache_dir": f"{tmp_path}/cache",
        "baseline": f"{tmp_path}/../expected.json",
    }


def test_all_faults_of_the_files_form_are_named_at_once_with_their_places(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        'models = ["a", {nam = "x"}, 3]\ncorpora = "embedded"\nfoo = 1\n[resources]\ncpus = "2"\ngpus = -1',
    )
    assert found.splitlines()[0].endswith("sweep.toml has 7 faults:")
    for line in (
        "models[1].name is missing",
        "models[1].nam: there is no such key",
        "models[2] takes a table, not 3",
        "corpora should be a valid list, not 'embedded'",
        "resources.cpus should be a valid number, not '2'",
        "resources.gpus should be greater than or equal to 0, not -1",
        "foo: there is no such key",
    ):
        assert f"\n  {line}" in found


def test_all_faults_of_its_options_are_named_at_once_with_their_places(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        models = ["smollm2-135m", { name = "./here", revisions = ["main"] }]
        revisions = ["main"]
        corpora = [{ name = "embedded", options = { bins = 1, bin = 2, report-dir = "x" } }]
        options.samples = "many"
        [[subjects]]
        corpus = "embedded"
        [[specifications]]
        name = "same"
        [[specifications]]
        name = "same"
        """,
    )
    for words in (
        "\n  options.samples: --samples takes a whole number of at least 20, not 'many'",
        "\n  corpora[0].options.bins: --bins takes a whole number",
        "\n  corpora[0].options.bin: `pytest claims/` has no such option; it has ",
        "\n  corpora[0].options.report-dir: the sweep decides that itself",
        "\n  revisions belong to hub models, and none is named",
        "\n  models[1].revisions belong to a hub model, and ./here is on this machine",
        "\n  subjects[0] names neither a model nor activations",
        "\n  specifications: two of them are called 'same'",
    ):
        assert words in found
    assert found.startswith(f"{tmp_path / 'sweep.toml'} has 8 faults:")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is nothing to measure"),
        ("models = ['a'", "is not TOML"),
        ("models = ['a']", "corpora is missing"),
        ("corpora = ['a']\nactivations = ['b']", "models is missing"),
        (
            "[[subjects]]\nactivations = 'a'\ncorpus = 'embedded'",
            "subjects[0]: --activations already holds a model's activations",
        ),
        (
            "activations = ['a']\nspecifications = [{name = 'x'}, {name = 'y', options = {bins = 15}}]",
            "activations[0], specification 'y' is the same measurement as activations[0], specification 'x'",
        ),
    ],
)
def test_what_cannot_be_a_sweep_is_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    assert words in faults(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml cannot be read: No such file"):
        read_plan(tmp_path / "nowhere.toml")


def test_the_claims_are_the_packages_own_or_a_folder_that_the_file_names(tmp_path: Path) -> None:
    text = 'models = ["smollm2-135m"]\ncorpora = ["embedded"]\n'
    own = plan(tmp_path, text)
    assert (own.claims / "document.py").is_file()
    (tmp_path / "mine").mkdir()
    other = plan(tmp_path, 'claims = "mine"\n' + text)
    assert other.claims == tmp_path / "mine"
    assert other.jobs[0].key != own.jobs[0].key
    assert "claims: there is no folder" in faults(tmp_path, 'claims = "nowhere"\n' + text)


def test_a_documents_text_is_named_by_its_key_and_a_file_by_its_path(tmp_path: Path) -> None:
    found = plan(tmp_path, 'models = ["smollm2-135m"]\ncorpora = ["some-novel", "novel.txt"]\n')
    assert [values_of(job)["corpus"] for job in found.jobs] == ["some-novel", str(tmp_path / "novel.txt")]


ODD = [
    "a" * 300,
    "a/" * 3000,
    r"a\u0000b",
    " ",
    "",
    "~nobody-here/x",
    "--help",
    r"a\nb",
    "..",
    "//",
    "/dev/zero",
    r"\u202e",
]
FORMS = [
    'models = ["{}"]\ncorpora = ["embedded"]',
    'models = ["smollm2-135m"]\ncorpora = ["{}"]',
    'activations = ["{}"]',
    'claims = "{}"\nactivations = ["a.safetensors"]',
    '[[subjects]]\nname = "{0}"\nmodel = "{0}"\ncorpus = "embedded"',
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_name_is_planned_or_refused_in_short(odd: str, form: str, tmp_path: Path) -> None:
    path = tmp_path / "sweep.toml"
    path.write_text(form.format(odd))
    refusal, keys = "", []
    try:
        keys = [job.key for job in read_plan(path).jobs]
    except InputError as error:
        refusal = str(error)
    assert len(refusal) < 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", key) for key in keys)


def test_a_name_that_is_an_option_or_no_name_is_no_model(tmp_path: Path) -> None:
    odd = "[[subjects]]\nmodel = 'a b'\ncorpus = 'embedded'"
    found = faults(tmp_path, f"models = ['--exit-zero']\ncorpora = ['embedded']\n{odd}")
    assert "models[0]: '--exit-zero' is neither a file or folder here nor a name that a hub" in found
    assert "subjects[0].model: 'a b' is neither" in found


def test_a_value_that_begins_with_a_dash_is_no_option_of_the_job(tmp_path: Path) -> None:
    text = "[[subjects]]\nmodel = 'hub/a'\nrevision = '--exit-zero'\ncorpus = 'embedded'"
    (job,) = plan(tmp_path, text).jobs
    assert "--revision=--exit-zero" in job.arguments
    assert "--exit-zero" not in job.arguments


def test_a_label_shows_characters_that_reorder_text(tmp_path: Path) -> None:
    (job,) = plan(tmp_path, 'activations = ["\\u202eabc"]').jobs
    assert job.label == r"\u202eabc"


@pytest.mark.parametrize(
    "odd", ["3", "true", "[]", "{}", "nan", "1979-05-27", '["x"]', '{name = "a", more = "b"}']
)
def test_a_model_that_is_no_name_is_refused(odd: str, tmp_path: Path) -> None:
    faults(tmp_path, f'models = [{odd}]\ncorpora = ["embedded"]')


@pytest.mark.parametrize("text", ["models = " + "[" * 100_000, "a" * 100_000, "models = ['" + "b" * 100_000])
def test_a_long_file_gives_a_short_fault(text: str, tmp_path: Path) -> None:
    assert len(faults(tmp_path, text)) < 1000


def test_a_key_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    assert "there is no such key" in faults(tmp_path, "a." * 3_000 + "b = 1")


@pytest.mark.parametrize("option", ["dtype", "sampling", "samples", "outlier-sd", "model-endpoint"])
def test_a_long_value_of_an_option_is_quoted_by_its_ends(option: str, tmp_path: Path) -> None:
    text = f'models = ["smollm2-135m"]\ncorpora = ["embedded"]\n[options]\n{option} = "{"[" * 100_000}"'
    assert len(faults(tmp_path, text)) < 1000
