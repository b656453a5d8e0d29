"""The picture of the tuner in ``tuning.ipynb``: its display in a browser, all its years simulated.

``python notebooks/picture.py [FILE]``; docs/img/notebook/tuner.png unless said. It needs Playwright
and Chromium. The page below gives the widget what a notebook would.
"""

import io
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

import sim
from sim.tuning.view import View

CHROMIUM = Path("/usr/bin/chromium")
FILE = Path(__file__).parents[1] / "docs" / "img" / "notebook" / "tuner.png"
COLOURS = 128

NOTEBOOK = """async ({code, css, traits}) => {
  document.head.append(Object.assign(document.createElement("style"), {textContent: css}));
  document.body.style.margin = "12px";
  const heard = {};
  window.traits = traits;
  window.model = {
    get: (name) => traits[name],
    on: (event, hear) => { heard[event] = hear; },
    off: (event) => { delete heard[event]; },
    send: async (said) => { model.moved(await window.kernel(said)); },
    moved: (answer) => { traits.answer = answer; heard["change:answer"]?.(); },
  };
  const el = document.body.appendChild(document.createElement("div"));
  const file = URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
  const {default: widget} = await import(file);
  window.leave = await widget.render({model: window.model, el});
}"""
"""What a notebook gives a widget, as far as this one asks for it."""


@contextmanager
def displayed(view, width=1180, height=800, scale=1):
    """A page with the view, whose moves reach the view as they would in a kernel."""
    traits = {name: getattr(view, name) for name in ("sliders", "years", "answer")}

    def kernel(said):
        view._asked(view, said, [])
        return view.answer

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = chromium.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        page.expose_function("kernel", kernel)
        here = Path(sim.__file__).parent / "tuning"
        code, css = ((here / f"view.{kind}").read_text("utf-8") for kind in ("js", "css"))
        page.evaluate(NOTEBOOK, {"code": code, "css": css, "traits": traits})
        yield page
        chromium.close()


def picture(page):
    """The page as a PNG of few colours, so that it is small."""
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    out = io.BytesIO()
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(names):
    """Tune a little, wait for the years, take the picture."""
    tuning = sim.tune("baseline")
    tuning.move({"smugglers.loads_per_year": 1200.0})
    tuning.move({"tips.p_tip": 0.2})
    tuning.wait()
    with displayed(View(tuning)) as page:
        file = Path(names[0]) if names else FILE
        file.write_bytes(picture(page))
    tuning.close()
    print(file.name, np.round(file.stat().st_size / 1000), "kB")


if __name__ == "__main__":
    main(sys.argv[1:])
