"""How the page of an export looks: on a screen, light or dark, and on paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1f1d1a; --soft: #5b564e; --line: #dcd8d0;
  --page: #fff; --you: #e3eef2; --note: #fdf3c7; --link: #1a5fb4; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1eee9; --soft: #b5afa5; --line: #3a3733;
  --page: #161513; --you: #1d3540; --note: #463a10; --link: #8ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.8rem; } h2 { margin: 2.5rem 0 .75rem; border-bottom: 2px solid var(--line); }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; } a { color: var(--link); }
table { width: 100%; border-collapse: collapse; }
td { padding: .3rem .25rem; border-bottom: 1px solid var(--line); }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
.line { margin: .5rem 0; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: 8px; overflow-wrap: anywhere; break-inside: avoid; }
.line.customer { background: var(--you); } .line.note { background: var(--note); }
.line p { margin: 0; } .text { white-space: pre-wrap; }
.small { color: var(--soft); font-size: .85rem; } .small b { color: var(--ink); }
.mark { border: 1px solid currentColor; border-radius: 4px; padding: 0 .3em; font-weight: 600; }
.facts { padding: .75rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) minmax(0, 1fr);
  gap: .15rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; font-size: .8rem; }
@media (max-width: 480px) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
@media print { main { max-width: none; padding: 0; } body { font-size: 11pt; }
  .line.customer, .line.note { background: none; border-width: 2px; } }
"""
