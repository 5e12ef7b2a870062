"""The style sheet of the page: for phones and wide screens, light and dark mode, and print."""

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1c2430; --quiet: #5a6675; --paper: #f5f6f8; --card: #fff; --line: #d9dee5;
  --accent: #0b6e4f; --alert: #8a3b00; --alert-paper: #fff1e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7ebf0; --quiet: #a3afbd; --paper: #12161c; --card: #1b2129; --line: #333d49;
    --accent: #5fd3a8; --alert: #ffc890; --alert-paper: #3a2612;
  }
  /* plots are dark on white */
  .plot { filter: invert(0.89) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.25; margin: 0; }
h1 { font-size: 1.9rem; }
h2 { font-size: 1.35rem; margin: 2.2rem 0 .8rem; }
h3 { font-size: 1.05rem; }
p { margin: .3rem 0; }
a { color: var(--accent); }
.quiet { color: var(--quiet); font-size: .9rem; }
.warning {
  color: var(--alert); background: var(--alert-paper); border-radius: .5rem; padding: .7rem 1rem;
  margin: 1rem 0;
}
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem;
}
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .7rem;
  margin: 1.2rem 0 0;
}
.facts div { padding: .6rem .9rem; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-weight: 600; }
.plots {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem;
}
figure { margin: 0; }
.plot {
  display: block; width: 100%; height: auto; margin-top: .6rem; background: #fff;
  border-radius: .3rem;
}
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .6rem; text-align: left; border-bottom: 1px solid var(--line); }
tr:last-child th, tr:last-child td { border-bottom: 0; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { width: 30%; }
meter { width: 100%; height: .9rem; vertical-align: middle; }
.clusters {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
  gap: 1rem; align-items: start;
}
.samples { list-style: none; margin: .8rem 0 0; padding: 0; }
.samples li { unicode-bidi: isolate; }
.texts li { padding: .45rem 0; border-top: 1px solid var(--line); }
.images {
  display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem;
}
.images img { display: block; width: 100%; border-radius: .3rem; }
.images p { font-size: .8rem; line-height: 1.3; }
@media (max-width: 34rem) {
  .facts { grid-template-columns: 1fr 1fr; }
  .bar, .share { display: none; }
  th, td { padding: .4rem .3rem; }
  .name { width: 50%; }
}
@media print { .card { break-inside: avoid; } }
"""
