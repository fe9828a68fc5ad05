import { type Mapping, mappingOf, readIndented, textOf, textsOf } from "./indented.ts";
import { asksOf, type LockedPackage, type Lockfile, type Manifest, splitId } from "./lockfile.ts";

type Texts = Readonly<Record<string, string>>;

/**
 * Reads yarn.lock of yarn 2 and later.
 * Source: the lockfile says of itself that it is YAML; keys are descriptors, joined by commas
 */
export function readYarnLockfile(text: string, { resolutions = {} }: Manifest): Lockfile {
  const entries = Object.entries(readIndented(text)).filter(
    (entry): entry is [string, Mapping] => typeof entry[1] === "object" && entry[0] !== "__metadata",
  );
  const ids = new Map<string, string>();
  for (const [key, entry] of entries)
    for (const descriptor of key.split(/,\s*/)) ids.set(descriptor, textOf(entry, "resolution") ?? key);
  // before yarn 4, a range in a list of dependencies has no protocol
  const find = (name: string, range: string) => ids.get(`${name}@${range}`) ?? ids.get(`${name}@npm:${range}`);
  // the lockfile has what is installed in place of a range, and not the range
  const resolve = (name: string, range: string) => find(name, range) ?? find(name, resolutions[name] ?? range);
  const all = entries.map(([key, entry]): LockedPackage => {
    const id = textOf(entry, "resolution") ?? key;
    const asks = asksOf(manifestOf(entry), resolve).map((ask) => ({ ...ask, range: withoutProtocol(ask.range) }));
    return { id, name: splitId(id).name, version: textOf(entry, "version"), folder: undefined, asks };
  });
  const isProject = ({ id }: LockedPackage) => splitId(id).version.startsWith("workspace:");
  const packages = new Map(all.filter((one) => !isProject(one)).map((one) => [one.id, one]));
  return { manager: "yarn", projects: all.filter(isProject), packages };
}

/** `npm:^1.0.0` is a range of the registry, and `npm:other@^1.0.0` an alias. */
function withoutProtocol(range: string | undefined): string | undefined {
  return range?.startsWith("npm:") && !range.slice(5).includes("@") ? range.slice(4) : range;
}

function manifestOf(entry: Mapping): Manifest {
  const meta = Object.entries(mappingOf(entry, "peerDependenciesMeta")).map(([name, value]) => {
    return [name, { optional: typeof value === "object" && textOf(value, "optional") === "true" }] as const;
  });
  const texts = (name: string): Texts => textsOf(mappingOf(entry, name));
  return {
    dependencies: texts("dependencies"),
    optionalDependencies: texts("optionalDependencies"),
    peerDependencies: texts("peerDependencies"),
    peerDependenciesMeta: Object.fromEntries(meta),
  };
}
