"""The configuration of Sphinx: ``sphinx-build -W docs docs/_build``."""

from sklearn.experimental import enable_halving_search_cv  # noqa: F401, an example imports it

import sklearn_turtle

project = "sklearn-turtle"
author = "The sklearn-turtle developers"
copyright = f"2026, {author}"  # noqa: A001
release = version = sklearn_turtle.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "myst_parser",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build"]
autosummary_generate = True
numpydoc_show_class_members = False
# document the methods of the project's own mixins, but not those of scikit-learn's base classes
autodoc_default_options = {
    "members": True,
    "inherited-members": "ClusterMixin, ClassifierMixin, TransformerMixin, BaseEstimator",
    "exclude-members": ", ".join(
        [
            "fit_transform",
            "get_metadata_routing",
            "set_output",
            *(f"set_{m}_request" for m in ("fit", "partial_fit", "predict", "score", "transform")),
        ]
    ),
}
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["config.cache"]  # sphinx-gallery puts functions into its settings

html_theme = "pydata_sphinx_theme"
html_title = "sklearn-turtle"
html_show_sourcelink = False
html_sidebars = {"*": []}  # top-level pages have no subpages to list
html_theme_options = {"header_links_before_dropdown": 4, "navigation_with_keys": False}

# The tests run every example. ``-D plot_gallery=1`` also runs those whose name starts with "plot_"
# here and adds their plots.
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "ignore_pattern": "benchmarks",
    "plot_gallery": False,
    "download_all_examples": False,
    "show_memory": False,
}
