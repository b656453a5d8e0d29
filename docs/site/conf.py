"""Settings of Sphinx for the pages that ``build.py`` gathers."""

import sim

project = "Panj"
author = "the Panj authors"
release = sim.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4
html_theme = "furo"
html_theme_options = {"light_css_variables": {"code-font-size": "75%"}}
html_title = f"Panj {release}"
html_show_copyright = False
html_copy_source = False
autodoc_typehints = "none"
autodoc_preserve_defaults = True
html_show_search_summary = False  # a page on a disk may not fetch summaries
html_show_sphinx = False
