import { dropIn } from "../drop-in.ts";
import type { LockedPackage } from "../lockfiles/lockfile.ts";
import type { Habit } from "./habits.ts";

const quoted = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** An import of a package or of a file of it, or a test double of it. */
const importOf = (name: string) =>
  new RegExp(String.raw`\b(?:from|import|require|mock|doMock)\s*\(?\s*(["'])${quoted(name)}(?:\/[^"'\n]*)?\1`, "g");

/**
 * Imports of what is installed for the sake of `@azure/identity` alone. A project that asks for
 * such a package itself is not among them, because that package stays.
 */
export function undeclaredImports(going: readonly LockedPackage[]): readonly Habit[] {
  const others = going.filter(({ name }) => name !== dropIn.replaces);
  const versions = new Map(others.map(({ name, version }) => [name, version]));
  return [...versions].map(([name, version]) => ({
    name: "undeclared-import",
    pattern: importOf(name),
    difference: `${name} is installed for ${dropIn.replaces} alone, and goes with it. Add it to your dependencies: ${name}@^${version}`,
    section: "switch",
  }));
}
