/** What the site adds below a file, because its reader there has no repository beside it. */
import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { pagePath } from "./page-paths.ts";

const languages: Readonly<Record<string, string>> = { ".mjs": "js" };

/** The files of an example, tests left out. */
function exampleFiles(root: string, example: string): string {
  const folder = join(root, "examples", example);
  const names = globSync("**/*.{ts,mjs,json,py,sh,go,yml,yaml}", {
    cwd: folder,
    exclude: ["**/node_modules/**", "**/test-tools/**", "**/*.test.ts", "package.json"],
  });
  // the program first, then what it uses
  const order = (name: string) => `${name.includes("/") ? 1 : 0}${name === "main.ts" ? "" : name}`;
  const sorted = names.sort((a, b) => order(a).localeCompare(order(b)));
  const blocks = sorted.map((name) => {
    const language = languages[extname(name)] ?? extname(name).slice(1);
    return `### ${name}\n\n\`\`\`\`${language}\n${readFileSync(join(folder, name), "utf8").trim()}\n\`\`\`\``;
  });
  return blocks.length === 0 ? "" : `## Files\n\n${blocks.join("\n\n")}`;
}

/** The entry points of a package, with their API. */
export function entryPoints(root: string, name: string): string {
  const files = globSync(`api/${name}.*.api.md`, { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const row = (file: string) => {
    const [title = ""] = /(?<=^# ).*$/m.exec(readFileSync(join(root, file), "utf8")) ?? [];
    return `- [\`${title}\`](/${pagePath(file)}.md)`;
  };
  const isMain = (file: string) => file.includes(".index.");
  return files
    .sort((a, b) => Number(isMain(b)) - Number(isMain(a)) || a.localeCompare(b))
    .map(row)
    .join("\n");
}

/** All packages that have an API, with their entry points. */
export function allEntryPoints(root: string): string {
  const files = globSync("api/*.api.md", { cwd: root });
  const names = [...new Set(files.map((file) => /^api.([^.]+)/.exec(file)?.[1] ?? ""))].sort();
  return names.map((name) => `## ${name}\n\n${entryPoints(root, name)}`).join("\n\n");
}

export function addition(root: string, file: string): string {
  const [, example] = /^examples\/([^/]+)\/README\.md$/.exec(file) ?? [];
  if (example !== undefined) return exampleFiles(root, example);
  const [, name] = /^packages\/([^/]+)\/README\.md$/.exec(file) ?? [];
  const points = name === undefined ? "" : entryPoints(root, name);
  return points === "" ? "" : `## API\n\nWhat each entry point exports:\n\n${points}`;
}
