/** Parts of README.md that pages of the site repeat, so that each stands in one file. */

/** Text between two headings, of any level, the first one included. */
function section(readme: string, heading: string): string {
  const lines = readme.split("\n");
  let fenced = false;
  const headings = lines.flatMap((line, index) => {
    if (line.startsWith("```")) fenced = !fenced;
    return !fenced && /^#+ /.test(line) ? [index] : [];
  });
  const at = headings.findIndex((index) => lines[index]?.replace(/^#+ /, "") === heading);
  if (at < 0) throw new Error(`README.md has no heading "${heading}" for the site; see website/pages.`);
  return lines
    .slice(headings[at], headings[at + 1])
    .join("\n")
    .trim();
}

function firstMatch(readme: string, pattern: RegExp, what: string): string {
  const [all, group] = pattern.exec(readme) ?? [];
  if (all === undefined) throw new Error(`README.md has no ${what} for the site; see website/content/readme-parts.ts.`);
  return group ?? all;
}

/** Figures of the README's table, by their names there, and what the site calls them. */
const figures = [
  ["cached token, default chain: time per call", "to get a cached token"],
  ["1,000 callers without a token: requests", "requests for 1,000 callers at once"],
  ["import of core and plugin-entra, beyond bare Node.js", "to import core and plugin-entra"],
  ["installed size, packages", "installed"],
] as const;

function figureStrip(readme: string): string {
  const items = figures.map(([name, label]) => {
    const row = readme.split("\n").find((line) => line.startsWith(`| ${name} `)) ?? "";
    const [, , ours, peer] = row.split("|").map((cell) => cell.trim().split(", ")[0]); // without the count of packages
    if (!ours || !peer) throw new Error(`README.md has no figure "${name}"; see website/content/readme-parts.ts.`);
    return `<div><dt>${label}</dt><dd><strong>${ours}</strong> <span>${peer} with @azure/identity</span></dd></div>`;
  });
  return `<dl class="figures">${items.join("")}</dl>`;
}

/** Parts that are no sections. */
const parts: Readonly<Record<string, (readme: string) => string>> = {
  install: (readme) => firstMatch(readme, /^```sh\n.*?^```$/ms, "command that installs"),
  "first token": (readme) => firstMatch(readme, /^```ts\n.*?^```$/ms, "program"),
  "switch line": (readme) =>
    `\`\`\`json\n${firstMatch(readme, /`("@azure\/identity": "npm:[^`]+")`/, "line that replaces @azure/identity")}\n\`\`\``,
  figures: figureStrip,
};

/**
 * Replaces each `<!-- README: name -->`, where the name is a heading, a heading after "text of "
 * for what stands below it, or one of the parts above.
 */
export function insertReadmeParts(text: string, readme: string): string {
  const below = "text of ";
  const part = (name: string) =>
    name.startsWith(below) ? section(readme, name.slice(below.length)).replace(/^.*\n+/, "") : section(readme, name);
  return text.replace(/^<!-- README: (.+) -->$/gm, (_, name: string) => parts[name]?.(readme) ?? part(name));
}
