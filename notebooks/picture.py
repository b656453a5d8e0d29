"""Make the pictures of the notebooks: the tuner with all years simulated, and the map in a cell.

``python notebooks/picture.py [FOLDER]``; default: docs/img/notebook. It needs Playwright and
Chromium. The page below stands in for a notebook.
"""

import base64
import io
import sys
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import sim
from sim.tuning.view import View

CHROMIUM = Path("/usr/bin/chromium")
FOLDER = Path(__file__).parents[1] / "docs" / "img" / "notebook"
COLOURS = 256

NOTEBOOK = """async ({code, css, traits}) => {
  document.head.append(Object.assign(document.createElement("style"), {textContent: css}));
  document.body.style.margin = "12px";
  if (traits.story) {
    const bytes = Uint8Array.from(atob(traits.story), (letter) => letter.charCodeAt(0));
    traits.story = new DataView(bytes.buffer);
  }
  const heard = {};
  window.traits = traits;
  window.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    on: (event, hear) => { heard[event] = hear; },
    off: (event) => { delete heard[event]; },
    save_changes: () => {},
    send: async (said) => { model.moved("answer", await window.kernel(said)); },
    moved: (name, value) => { traits[name] = value; heard[`change:${name}`]?.(); },
  };
  const el = document.body.appendChild(document.createElement("div"));
  const file = URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
  const {default: widget} = await import(file);
  window.leave = await widget.render({model: window.model, el});
}"""
"""What a notebook gives a widget, as far as these ask for it."""


@contextmanager
def cell(code, css, traits, kernel=None, width=1180, height=800, begun=lambda page: None):
    """A page with a widget in it; ``begun`` is given the page before the widget is there."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = chromium.new_page(viewport={"width": width, "height": height})
        begun(page)
        if kernel is not None:
            page.expose_function("kernel", kernel)
        page.evaluate(NOTEBOOK, {"code": code, "css": css, "traits": traits})
        yield page
        chromium.close()


@contextmanager
def displayed(view, width=1180, height=800):
    """A page with the view of a tuner, whose moves reach the view as they would in a kernel."""

    def kernel(said):
        view._on_message(view, said, [])
        return view.answer

    here = Path(sim.__file__).parent / "tuning"
    code, css = ((here / f"view.{kind}").read_text("utf-8") for kind in ("js", "css"))
    traits = {name: getattr(view, name) for name in ("sliders", "years", "answer")}
    with cell(code, css, traits, kernel, width, height) as page:
        yield page


@contextmanager
def mapped(shown, against=None, begun=lambda page: None):
    """A page with the map of a scenario, or of two, at the end of their first day."""
    from sim.viewer.widget import MapWidget, script, styles

    story = base64.b64encode(MapWidget(shown, against=against).story).decode()
    traits = {"story": story, "theme": "light", "t": 1.0, "playing": False, "mode": "map"}
    with cell(script(), styles(), traits, None, 1000, 1200, begun) as page:
        yield page


def picture(page, height=None):
    """The page, or the top of it (px), as a PNG of few colours, so that it is small."""
    size = page.viewport_size
    top = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": height}} if height else {}
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True, **top))).convert("RGB")
    few = shot.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def tuner():
    """Tune a little and wait for the years."""
    tuning = sim.tune("baseline")
    tuning.move({"smugglers.loads_per_year": 1200.0})
    tuning.move({"tips.p_tip": 0.2})
    tuning.wait()
    with displayed(View(tuning)) as page:
        shot = picture(page)
    tuning.close()
    return shot


def map_of_two():
    """Two policies at the end of a month."""
    days = {"days": 60.0}
    policies = [sim.load(name, days) for name in ("baseline", "surveillance")]
    with mapped(policies[0], policies[1]) as page:
        page.evaluate("model.moved('t', 30.5)")
        page.wait_for_timeout(5_000)
        return picture(page, 930)


def main(names):
    """Take both pictures."""
    folder = Path(names[0]) if names else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, take in {"tuner": tuner, "map": map_of_two}.items():
        (folder / f"{name}.png").write_bytes(take())


if __name__ == "__main__":
    main(sys.argv[1:])
