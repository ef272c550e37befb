"""The report in a real browser: opened from disk, played, and looked at in both colour schemes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerclaims.report.page.render import render
from layerclaims.report.records.store import write_evidence
from tests.browser.chromium import EXECUTABLE, Chromium
from tests.report.builder import FIVE_KINDS, MEASURES, make_evidence, make_points

pytestmark = pytest.mark.skipif(
    EXECUTABLE is None, reason="Chromium is not installed: apt-get install chromium"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    evidence = make_evidence()
    write_evidence(evidence.model_copy(update={"claims": evidence.claims[:6]}), folder, make_points())
    return render(folder, pdf=False).html


@pytest.fixture(scope="module")
def browser(report: Path) -> Iterator[Chromium]:
    with Chromium() as browser:
        browser.open(report)
        yield browser


@pytest.fixture
def film(browser: Chromium, report: Path) -> Chromium:
    browser.open(report)
    browser.run("document.getElementById('film').scrollIntoView()")
    return browser


def layer(browser: Chromium) -> str:
    return str(browser.run("document.getElementById('film-now').textContent"))


def picked(browser: Chromium) -> list[str]:
    found: list[str] = browser.run("[...document.querySelectorAll('#film-pair p')].map((p) => p.textContent)")
    return found


def test_it_asks_for_nothing_and_nothing_is_complained_of(browser: Chromium, report: Path) -> None:
    browser.open(report)
    browser.wait_for("document.fonts.status === 'loaded'")
    assert [url for url in browser.requests if not url.startswith("data:")] == [report.resolve().as_uri()]
    assert browser.complaints == []


def test_its_own_fonts_are_in_use(browser: Chromium) -> None:
    assert browser.run("document.fonts.check('12px \"Open Sans\"')")
    loaded = browser.run("[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
    assert {name.strip('"') for name in loaded} == {"Open Sans", "Noto Serif"}


def test_arrow_keys_on_the_slider_change_the_layer(film: Chromium) -> None:
    film.run("document.getElementById('film-layer').focus()")
    film.press("ArrowRight")
    assert layer(film) == "layer 2 / 12"
    film.press("ArrowLeft")
    film.press("ArrowLeft")
    assert layer(film) == "layer 0 / 12"


def test_arrow_keys_on_the_canvas_change_layer_and_pair(film: Chromium) -> None:
    film.run("document.getElementById('film-canvas').focus()")
    film.press("ArrowRight")
    assert layer(film) == "layer 2 / 12"
    film.press("ArrowUp")
    first = picked(film)
    assert len(first) == 3
    assert "the river lay still" in first[1]
    film.press("ArrowUp")
    assert picked(film) != first
    film.press("Escape")
    assert picked(film) == []


def test_play_moves_on_and_pause_stops(film: Chromium) -> None:
    film.run("document.getElementById('film-play').click()")
    film.wait_for("document.getElementById('film-now').textContent === 'layer 3 / 12'")
    film.run("document.getElementById('film-play').click()")
    assert film.run("document.getElementById('film-play').textContent") == "Play"


def test_pointing_at_a_pair_tells_its_windows(film: Chromium) -> None:
    # Claims above are laid out when they come near, which moves what is below them once.
    for _ in range(2):
        film.run("document.getElementById('film-canvas').scrollIntoView({ block: 'center' })")
        film.run("new Promise((done) => setTimeout(done, 300))")
    box = film.run("(() => { const b = document.getElementById('film-canvas').getBoundingClientRect();"
                   "return [b.x, b.y, b.width, b.height]; })()")  # fmt: skip
    for across in (0.3, 0.4, 0.5, 0.6):
        for down in (0.3, 0.5, 0.7):
            film.point(box[0] + across * box[2], box[1] + down * box[3])
    lines = picked(film)
    assert len(lines) == 3
    assert lines[1].endswith(" and we waited")


def test_the_film_draws_both_kinds(film: Chromium) -> None:
    ink = """(() => {
      const canvas = document.getElementById('film-canvas');
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let blue = 0, orange = 0, all = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 60 && data[i + 2] > data[i] + 60) blue++;
        if (data[i + 3] > 60 && data[i] > data[i + 2] + 60) orange++;
        if (data[i + 3] > 60) all++;
      }
      return [blue, orange, all];
    })()"""
    both = film.run(ink)
    assert min(both) > 200
    film.run("document.getElementById('film-show-1').click()")
    # Commas have the colours of their two groups, so full stops are grey.
    assert film.run(ink)[2] < both[2]


def test_the_film_offers_every_measure_and_draws_every_kind(tmp_path: Path) -> None:
    kinds, measures = FIVE_KINDS, tuple(MEASURES)
    evidence = make_evidence(4, 10, kinds=kinds, measures=measures)
    points = make_points(4, 10, 40, kinds, measures)
    write_evidence(evidence.model_copy(update={"claims": []}), tmp_path, points)
    with Chromium() as browser:
        browser.open(render(tmp_path, pdf=False).html)
        offered = browser.run("[...document.querySelectorAll('#film-across option')].map((o) => o.text)")
        assert offered == ["covariance", "Pearson correlation", "cosine similarity"]
        browser.run("document.getElementById('film-across').value = 'cosine'")
        browser.run("document.getElementById('film-across').dispatchEvent(new Event('change'))")
        browser.run("document.getElementById('film-canvas').focus()")
        for place in range(4):
            browser.run(f"document.getElementById('film-show-{place}').click()")
        browser.press("ArrowUp")
        assert picked(browser)[0].startswith("semicolons · layer 1 · cosine similarity ")
        assert browser.complaints == []


def test_less_motion_means_no_motion(report: Path) -> None:
    with Chromium(calm=True) as browser:
        browser.open(report)
        browser.run("document.getElementById('film-layer').value = 5")
        browser.run("document.getElementById('film-layer').dispatchEvent(new Event('input'))")
        before = browser.run("document.getElementById('film-canvas').toDataURL()")
        browser.run("new Promise((done) => setTimeout(done, 300))")
        assert browser.run("document.getElementById('film-canvas').toDataURL()") == before


def test_dark_pages_are_dark_and_figures_follow(report: Path) -> None:
    colours = "[getComputedStyle(document.documentElement).backgroundColor," \
              "getComputedStyle(document.querySelector('figure text')).fill]"  # fmt: skip
    with Chromium(dark=True) as browser:
        browser.open(report)
        page, text = browser.run(colours)
    assert page == "rgb(21, 23, 26)"
    assert text in ("rgb(165, 168, 174)", "rgb(233, 231, 226)")


def test_a_phone_needs_no_sideways_scrolling_of_the_page(report: Path) -> None:
    with Chromium(360, 740) as browser:
        browser.open(report)
        assert browser.run("document.documentElement.scrollWidth") == 360


def test_without_scripts_the_report_is_complete(report: Path) -> None:
    with Chromium() as browser:
        browser.send("Emulation.setScriptExecutionDisabled", value=True)
        browser.send("Page.navigate", url=report.resolve().as_uri())
        browser.wait_for("document.readyState === 'complete'")
        assert browser.run("document.getElementById('film').hidden")
        assert browser.run("document.querySelectorAll('figure svg').length") > 8


def test_claims_are_filtered_by_verdict_and_text_and_a_link_shows_one_again(
    browser: Chromium, report: Path
) -> None:
    browser.open(report)
    shown = (
        "[...document.querySelectorAll('article.claim')].filter((a) => !a.hidden).map((a) => a.dataset.claim)"
    )
    everything = browser.run(shown)
    browser.run("document.querySelector('#filter input[value=refuted]').click()")
    left = browser.run(shown)
    assert set(left) == {c.id for c in make_evidence().claims[:6] if c.verdict != "refuted"}
    assert browser.run("document.getElementById('filter-count').textContent") == "5 of 6 claims shown"
    gone = (set(everything) - set(left)).pop()
    browser.run(f"location.hash = '#claim-{gone}'")
    browser.wait_for(f"!document.getElementById('claim-{gone}').hidden")
    browser.run("document.querySelector('#filter [name=text]').value = 'no such words'")
    browser.run("document.getElementById('filter').dispatchEvent(new Event('input', { bubbles: true }))")
    assert browser.run(shown) == []


def test_points_say_their_values_to_arrow_keys_and_pointer(browser: Chromium, report: Path) -> None:
    browser.open(report)
    text = "document.querySelector('.point-text').textContent"
    browser.run("document.querySelector('#figure-profiles [data-points]').focus()")
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    assert browser.run(text).startswith("commas, layer 2: ")
    ring = browser.run("(() => { const b = document.querySelector('.point-ring').getBoundingClientRect();"
                       "return [b.x + b.width / 2, b.y + b.height / 2]; })()")  # fmt: skip
    browser.press("Escape")
    assert browser.run("document.querySelector('.point-text').hidden")
    browser.point(*ring)
    assert browser.run(text).startswith("commas, layer 2: ")


def test_tokens_are_found_by_their_text(browser: Chromium, report: Path) -> None:
    browser.open(report)
    browser.run("document.getElementById('find-token').value = 'in the 17 light'")
    browser.run("document.getElementById('find-token').dispatchEvent(new Event('input'))")
    assert browser.run("document.getElementById('token-count').textContent") == "2 of 60 tokens shown"


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_nothing_is_off_screen(report: Path, width: int) -> None:
    beyond = """[...document.querySelectorAll('main *')].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width && box.right > innerWidth + 1 && !e.closest('.hidden, thead, defs');
    }).map((e) => e.outerHTML.slice(0, 100))"""
    with Chromium(width, 800) as browser:
        browser.open(report)
        assert browser.run("document.documentElement.scrollWidth") == width
        if width == 390:
            assert browser.run(beyond) == []


@pytest.mark.skipif("AXE_CORE" not in os.environ, reason="AXE_CORE does not name a copy of axe.min.js")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_axe_finds_no_fault(report: Path, width: int, dark: bool) -> None:
    with Chromium(width, 900, dark=dark) as browser:
        browser.open(report)
        browser.run(Path(os.environ["AXE_CORE"]).read_text() + ";0")
        faults = browser.run(
            "axe.run().then((r) => r.violations.map((v) => [v.impact, v.id, v.nodes[0].html]))"
        )
    assert faults == []
