import { asksOf, type LockedPackage, type Lockfile, type Manifest, splitId } from "./lockfile.ts";

interface Entry {
  readonly descriptors: readonly string[];
  version: string;
  readonly dependencies: Record<string, string>;
}

/**
 * Reads yarn.lock of yarn 1. It has neither the projects, which are read from package.json, nor
 * peers. Source: https://classic.yarnpkg.com/en/docs/yarn-lock
 */
export function readYarn1Lockfile(text: string, manifest: Manifest): Lockfile {
  const entries = readEntries(text);
  const ids = new Map(entries.flatMap((entry) => entry.descriptors.map((one) => [one, idOf(entry)] as const)));
  // the lockfile has what is installed in place of a range, and not the range
  const resolve = (name: string, range: string) => {
    const resolution = manifest.resolutions?.[name] ?? manifest.resolutions?.[`**/${name}`];
    return ids.get(`${name}@${range}`) ?? ids.get(`${name}@${resolution}`);
  };
  const packages = new Map<string, LockedPackage>();
  for (const entry of entries) {
    const id = idOf(entry);
    const asks = asksOf({ dependencies: entry.dependencies }, resolve);
    packages.set(id, { id, ...splitId(id), folder: undefined, asks });
  }
  const { name = ".", version } = manifest;
  const project: LockedPackage = { id: ".", name, version, folder: "", asks: asksOf(manifest, resolve) };
  return { manager: "yarn-1", projects: [project], packages };
}

/** Name and version, of what an alias or a resolution stands for. */
function idOf({ descriptors, version }: Entry): string {
  const ranges = descriptors.map(splitId);
  const alias = ranges.find(({ version: range }) => range.startsWith("npm:"));
  const name = alias === undefined ? ranges[0]?.name : splitId(alias.version.slice("npm:".length)).name;
  return `${name}@${version}`;
}

const pair = /^ +"?([^"\s]+)"? "?([^"]*)"?$/;

function readEntries(text: string): readonly Entry[] {
  const entries: Entry[] = [];
  let isInDependencies = false;
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    if (!line.startsWith(" ")) {
      const descriptors = line
        .replace(/:$/, "")
        .split(/,\s*/)
        .map((one) => one.replaceAll('"', ""));
      entries.push({ descriptors, version: "", dependencies: Object.create(null) });
    }
    const entry = entries.at(-1);
    if (/^ {2}\S/.test(line)) isInDependencies = /^ {2}(?:optionalD|d)ependencies:$/.test(line);
    const [, key = "", value = ""] = pair.exec(line) ?? [];
    if (entry === undefined || key === "") continue;
    if (line.startsWith("    ")) {
      if (isInDependencies) entry.dependencies[key] = value;
    } else if (key === "version") entry.version = value;
  }
  return entries;
}
