import { minVersion, satisfies, validRange } from "semver";
import { dropIn } from "./drop-in.ts";
import type { Ask, LockedPackage, Lockfile } from "./lockfiles/lockfile.ts";

/** What becomes of a range when the project has the drop-in in place of `@azure/identity`. */
export type Verdict =
  /** It is the drop-in already. */
  | "replaced"
  /** An entry of the project itself, which the switch changes. */
  | "own"
  /** The drop-in satisfies it. */
  | "satisfied"
  /** It needs an older 4.x: a copy of the original is installed beside the drop-in. */
  | "older-minor"
  /** It needs a 4.x that the drop-in does not replace yet. */
  | "newer-minor"
  /** It was written for another major version. */
  | "other-major"
  /** It is a tag, a URL or a folder. */
  | "no-range"
  /** An optional peer that nothing provides. */
  | "absent";

/** One that asks for `@azure/identity`. */
export interface IdentityAsk {
  readonly from: string;
  readonly fromVersion: string | undefined;
  /** Whether it is a package.json of this workspace. */
  readonly isProject: boolean;
  readonly kind: Ask["kind"];
  /** `undefined`: the lockfile does not say. */
  readonly range: string | undefined;
  /** The version that is installed for it. */
  readonly installed: string | undefined;
  readonly verdict: Verdict;
}

/** Every entry of the lockfile that asks for `@azure/identity`, those of the projects first. */
export function findAsks(lockfile: Lockfile): readonly IdentityAsk[] {
  const of = (isProject: boolean) => (from: LockedPackage) =>
    from.asks
      .filter((ask) => ask.name === dropIn.replaces || targetOf(lockfile, ask)?.name === dropIn.replaces)
      .map((ask) => describe(lockfile, from, ask, isProject));
  const label = ({ name, version }: LockedPackage) => `${name} ${version}`;
  const askers = [...lockfile.packages.values()].toSorted((a, b) => (label(a) < label(b) ? -1 : 1));
  return [...lockfile.projects.flatMap(of(true)), ...askers.flatMap(of(false))];
}

function targetOf({ packages }: Lockfile, ask: Ask): LockedPackage | undefined {
  return ask.to === undefined ? undefined : packages.get(ask.to);
}

function describe(lockfile: Lockfile, from: LockedPackage, ask: Ask, isProject: boolean): IdentityAsk {
  const target = targetOf(lockfile, ask);
  const { name, version } = from;
  const isReplaced = target?.name === dropIn.name || ask.range?.includes(dropIn.name) === true;
  const verdict = isReplaced ? "replaced" : isProject ? "own" : verdictOf(ask, target?.version);
  return {
    from: name,
    fromVersion: version,
    isProject,
    kind: ask.kind,
    range: ask.range,
    installed: target?.version,
    verdict,
  };
}

/** Where the lockfile has no range, the version that is installed stands for it. */
function verdictOf({ range, kind }: Ask, installed: string | undefined): Verdict {
  const wanted = range ?? (installed === undefined ? undefined : `~${installed}`);
  if (wanted === undefined) return "absent";
  if (validRange(wanted) === null) return "no-range";
  if (satisfies(dropIn.version, wanted))
    return installed === undefined && kind === "optional-peer" ? "absent" : "satisfied";
  const least = minVersion(wanted);
  if (least?.major !== 4) return "other-major";
  return least.compare(dropIn.version) > 0 ? "newer-minor" : "older-minor";
}
