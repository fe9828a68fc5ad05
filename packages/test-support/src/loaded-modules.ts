import { execFileSync } from "node:child_process";

const probe = `
  const { registerHooks } = process.getBuiltinModule("node:module");
  const files = [];
  registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
  const known = new Set(process.moduleLoadList);
  await import(process.argv[1]);
  console.log(JSON.stringify([...files, ...process.moduleLoadList.filter((name) => !known.has(name))]));
`;

/** What the import of a module loads in a process of its own: built-ins by name, files by URL. */
export function modulesLoadedBy(url: string): string[] {
  const args = ["--input-type=module", "--eval", probe, url];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
