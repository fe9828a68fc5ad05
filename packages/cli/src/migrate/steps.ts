import type { IdentityAsk, Verdict } from "./asks.ts";
import { dropIn } from "./drop-in.ts";
import type { PackageManager } from "./lockfiles/lockfile.ts";

/** One thing to do: a command to type, or text to put into a file. */
export type Step = { readonly type: string } | { readonly file: string; readonly put: string };

/** Verdicts after which another copy is installed, unless it is overridden. */
const nests: readonly Verdict[] = ["older-minor", "newer-minor", "other-major", "no-range"];

/** Who would get a copy of the original beside the drop-in. */
export function nestedAsks(asks: readonly IdentityAsk[]): readonly IdentityAsk[] {
  return asks.filter(({ verdict }) => nests.includes(verdict));
}

const alias = { [dropIn.replaces]: dropIn.specifier };

const json = (value: object) => JSON.stringify(value, undefined, 2);

/** The exact lines that replace every copy; none where that has happened. */
export function stepsOf(manager: PackageManager, asks: readonly IdentityAsk[]): readonly Step[] {
  const left = asks.filter(({ verdict }) => verdict !== "replaced" && verdict !== "absent");
  if (left.length === 0) return [];
  const isListed = asks.some(({ isProject }) => isProject);
  return steps[manager](isListed, nestedAsks(asks).length > 0);
}

type StepsOf = (isListed: boolean, isNested: boolean) => readonly Step[];

/**
 * An entry that a project has itself is no transitive one, and has to say the same as the override.
 */
const listedOrNot = (isListed: boolean) => (isListed ? { dependencies: alias } : {});

/**
 * In a project with a lockfile, the first installation uses the override with what the lockfile
 * has, which is the original; it is replaced when it is named (npm 11).
 */
const npmOverride: readonly Step[] = [
  {
    file: "package.json",
    put: json({ dependencies: alias, overrides: { [dropIn.replaces]: `$${dropIn.replaces}` } }),
  },
  { type: "npm install" },
];

const steps: Readonly<Record<PackageManager, StepsOf>> = {
  npm: (_, isNested) => [
    ...(isNested ? npmOverride : []),
    { type: `npm install ${dropIn.replaces}@${dropIn.specifier}` },
  ],
  pnpm: () => [
    { file: "pnpm-workspace.yaml", put: `overrides:\n  "${dropIn.replaces}": "${dropIn.specifier}"` },
    { type: "pnpm install" },
  ],
  "yarn-1": (isListed) => [
    { file: "package.json", put: json({ ...listedOrNot(isListed), resolutions: alias }) },
    { type: "yarn install" },
  ],
  yarn: (isListed) => [
    { file: "package.json", put: json({ ...listedOrNot(isListed), resolutions: alias }) },
    { type: "yarn install" },
  ],
  bun: (isListed) => [
    { file: "package.json", put: json({ ...listedOrNot(isListed), overrides: alias }) },
    { type: "bun install" },
  ],
};
