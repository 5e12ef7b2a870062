"""The HTML page of a report.

Every string from the user passes through :func:`html.escape`, and is only used as the text of an
element or in an attribute in double quotes. The policy in the head of the page is a second line of
defense: it forbids all scripts and all loading.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from sklearn_turtle._io._version import __version__
from sklearn_turtle.report._content import Cluster, Content, Plot, Sample
from sklearn_turtle.report._style import STYLE

_STYLE_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_STYLE_DIGEST}'; "
    "base-uri 'none'; form-action 'none'"
)


def render_page(content: Content) -> str:
    """Render the page.

    Parameters
    ----------
    content : Content
        What the page shows.

    Returns
    -------
    str
        HTML.
    """
    title = escape(content.title)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1 dir="auto">{title}</h1>
<p class="quiet">Report on a clustering, by sklearn-turtle {__version__}.</p>
{_warning(content.warning)}
<dl class="facts">
{_lines(_fact(*fact) for fact in content.facts.items())}
</dl>
</header>
<main>
<section aria-labelledby="overview">
<h2 id="overview">Overview</h2>
<div class="plots">
{_lines(map(_plot, content.plots))}
</div>
</section>
<section aria-labelledby="sizes">
<h2 id="sizes">Sizes</h2>
{_table(content.clusters)}
</section>
<section aria-labelledby="clusters">
<h2 id="clusters">Clusters</h2>
<p class="quiet">The samples closest to the mean of each cluster, the closest first.</p>
<div class="clusters">
{_lines(_cluster(*numbered) for numbered in enumerate(content.clusters))}
</div>
</section>
</main>
</body>
</html>
"""


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _warning(warning: str | None) -> str:
    return "" if warning is None else f'<p class="warning" role="note">{escape(warning)}</p>'


def _fact(name: str, value: str) -> str:
    return f'<div class="card"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>'


def _plot(plot: Plot) -> str:
    return f"""<figure class="card">
<figcaption><h3>{escape(plot.title)}</h3>
<p class="quiet">{escape(plot.caption)}</p></figcaption>
<img class="plot" src="{plot.source}" alt="{escape(plot.description)}">
</figure>"""


def _table(clusters: list[Cluster]) -> str:
    largest = max(cluster.size for cluster in clusters)
    n_samples = sum(cluster.size for cluster in clusters)
    rows = _lines(
        f'<tr><td class="number">{number}</td>'
        f'<th scope="row" dir="auto"><a href="#cluster-{number}">{escape(cluster.name)}</a></th>'
        f'<td class="number">{cluster.size:,}</td>'
        f'<td class="number share">{cluster.size / n_samples:.1%}</td>'
        f'<td class="bar" aria-hidden="true">'
        f'<meter min="0" max="{largest}" value="{cluster.size}"></meter></td>'
        f'<td class="number">{_confidence(cluster.confidence)}</td></tr>'
        for number, cluster in enumerate(clusters)
    )
    return f"""<table class="card">
<thead><tr><th scope="col" class="number">No.</th><th scope="col" class="name">Cluster</th>
<th scope="col" class="number">Samples</th><th scope="col" class="number share">Share</th>
<td class="bar"></td><th scope="col" class="number">Confidence</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _confidence(confidence: float | None) -> str:
    return "–" if confidence is None else f"{confidence:.2f}"  # noqa: RUF001


def _cluster(number: int, cluster: Cluster) -> str:
    count = "1 sample" if cluster.size == 1 else f"{cluster.size:,} samples"
    if cluster.confidence is not None:
        count += f", mean confidence {cluster.confidence:.2f}"
    kind = "images" if any(sample.image for sample in cluster.representatives) else "texts"
    return f"""<article class="card" id="cluster-{number}">
<h3 dir="auto">{escape(cluster.name)}</h3>
<p class="quiet">No. {number}: {count}</p>
<ol class="samples {kind}">
{_lines(map(_sample, cluster.representatives))}
</ol>
</article>"""


def _sample(sample: Sample) -> str:
    caption = escape(sample.caption)
    text = caption if sample.text is None else escape(sample.text)
    if sample.image is None:
        return f'<li dir="auto" title="{caption}">{text}</li>'
    image = f'<img src="{sample.image}" alt="{caption}" title="{caption}">'
    return f'<li dir="auto">{image}{"" if sample.text is None else f"<p>{text}</p>"}</li>'
