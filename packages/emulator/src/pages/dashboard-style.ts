import { colours } from "./style.ts";

/** The style of the dashboard: one column on a narrow window, two on a wide one. */
export const dashboardStyle = `${colours}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 80rem; padding: 1.5rem 1rem;
  background: var(--page); color: var(--text); font: 0.9375rem/1.5 system-ui, sans-serif;
}
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; margin-bottom: 1rem; }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.0625rem; margin: 0 0 0.25rem; }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 60rem) { main { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); } }
section { background: var(--card); padding: 1rem; border-radius: 0.5rem; overflow-wrap: anywhere; margin-bottom: 1rem; }
p { margin: 0 0 0.5rem; }
#status { margin: 0; color: var(--quiet); }
#status.lost { color: var(--alert); font-weight: 600; }
table { width: 100%; border-collapse: collapse; margin-top: 0.75rem; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.375rem 0.75rem 0.375rem 0; font-weight: 400; border-top: 1px solid color-mix(in srgb, var(--line) 40%, transparent); }
thead th { white-space: nowrap; color: var(--quiet); font-size: 0.8125rem; border: 0; padding-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td.time, td.status { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.status { text-align: right; }
thead th.status { text-align: right; }
.quiet { color: var(--quiet); font-size: 0.8125rem; display: block; }
.failed { color: var(--alert); font-weight: 600; }
.method { font-weight: 600; }
tr.new { animation: arrive 1.5s ease-out; }
@keyframes arrive { from { background: color-mix(in srgb, var(--accent) 25%, transparent); } }
@media (prefers-reduced-motion: reduce) { tr.new { animation: none; } }
`;
