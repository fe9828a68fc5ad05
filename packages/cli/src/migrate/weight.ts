import { dropIn } from "./drop-in.ts";
import type { LockedPackage, Lockfile } from "./lockfiles/lockfile.ts";

/** The copies of `@azure/identity`, and every package that is installed for their sake alone. */
export function packagesThatGo(lockfile: Lockfile): readonly LockedPackage[] {
  const all = reachable(lockfile, () => true);
  const others = reachable(lockfile, ({ name }) => name !== dropIn.replaces);
  return [...all].filter((one) => !others.has(one));
}

/** What the projects lead to, along the packages that may be entered. */
function reachable(
  { projects, packages }: Lockfile,
  mayEnter: (one: LockedPackage) => boolean,
): ReadonlySet<LockedPackage> {
  const found = new Set<LockedPackage>();
  const open = [...projects];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const { to } of one.asks) {
      const next = to === undefined ? undefined : packages.get(to);
      if (next === undefined || found.has(next) || !mayEnter(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
