/**
 * Ways to bundle a program, as its author may: which bundler, into which format, one file or
 * several.
 */
import { join } from "node:path";

export interface Setup {
  /** A file of bundlers/. */
  readonly bundler: string;
  readonly format: "esm" | "cjs";
  /** Whether what `import()` loads, and what the bundles share, is in files of its own. */
  readonly splits: boolean;
  readonly minifies: boolean;
  /** Files of bundled/. */
  readonly programs: readonly string[];
}

/** Each program is a bundle, and they share files, or one bundle has all of them. */
const apart = { splits: true, programs: ["in-code.mjs", "config-file.mjs", "drop-in.mjs", "stores.mjs"] };
const together = { splits: false, programs: ["all.mjs"] };
const plain = { minifies: false };
const minified = { minifies: true };
const esm = { format: "esm" } as const;
const cjs = { format: "cjs" } as const;
const required = { programs: ["required.cjs"] };

export const setups: readonly Setup[] = [
  { bundler: "esbuild", ...esm, ...apart, ...minified },
  { bundler: "esbuild", ...esm, ...together, ...plain },
  { bundler: "esbuild", ...cjs, ...together, ...minified },
  { bundler: "rolldown", ...esm, ...apart, ...minified },
  { bundler: "rolldown", ...cjs, ...apart, ...plain },
  { bundler: "rolldown", ...cjs, ...together, ...minified },
  { bundler: "vite", ...esm, ...apart, ...plain },
  { bundler: "vite", ...esm, ...together, ...minified },
  { bundler: "vite", ...cjs, ...together, ...minified },
  { bundler: "rollup", ...esm, ...apart, ...plain },
  { bundler: "rollup", ...cjs, ...together, ...plain },
  { bundler: "webpack", ...esm, ...apart, ...plain },
  { bundler: "webpack", ...cjs, ...together, ...minified },
  { bundler: "rspack", ...esm, ...apart, ...plain },
  { bundler: "rspack", ...cjs, ...together, ...minified },
  { bundler: "parcel", ...cjs, splits: true, programs: ["all.mjs"], ...plain },
  { bundler: "ncc", ...esm, splits: true, programs: ["all.mjs"], ...minified },
  ...["esbuild", "rolldown", "rollup", "webpack", "rspack", "ncc"].map(
    (bundler) => ({ bundler, ...cjs, ...together, ...required, ...plain }) as const,
  ),
];

/** One for each form that a bundler writes. */
export const setupsOfStores: readonly Setup[] = [
  "esbuild",
  "rolldown",
  "vite",
  "rollup",
  "webpack",
  "rspack",
  "ncc",
].flatMap((bundler) => {
  const setup = { bundler, splits: false, programs: ["stores.mjs"], ...plain };
  const forms = bundler === "ncc" ? [esm] : [esm, cjs]; // that of the program
  return forms.map((form) => ({ ...setup, ...form }));
});

export function titleOf({ bundler, format, splits, minifies, programs }: Setup): string {
  const form = [format, splits ? "several files" : "one file", ...(minifies ? ["minified"] : [])].join(", ");
  return programs[0] === "required.cjs" ? `${bundler}, of a program in CommonJS` : `${bundler} (${form})`;
}

/** The file with the bundle of a program. */
export function bundleOf({ bundler, format }: Setup, program: string, folder: string): string {
  const name = program.replace(/\.\w+$/, "");
  const ending = format === "esm" ? ".mjs" : ".cjs";
  return bundler === "ncc" ? join(folder, name, `index${ending}`) : join(folder, name + ending);
}
