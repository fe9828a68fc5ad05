/**
 * Refuses words that only this project used in their meaning, or that hide who acts, in sources,
 * tests and documents; names the term to write instead. Standard terms of OAuth, the Azure SDKs and
 * Node are what readers know. Run as a program, it also refuses comments that are too wide.
 */
import { globSync, readFileSync } from "node:fs";
import { findWideComments } from "./comment-width.ts";

interface Refused {
  /** Words or phrases in lower case, in every form in which they are refused. */
  readonly words: readonly string[];
  readonly instead: string;
  /** Phrases that contain one of the words and are fine. */
  readonly except?: readonly string[];
}

export const refusedWords: readonly Refused[] = [
  { words: ["nobody"], instead: "no user, no caller, no process; or the passive voice" },
  { words: ["somebody", "anybody", "everybody"], instead: "a user, another process, every caller" },
  { words: ["whoever", "whomever"], instead: "the user who, any caller that" },
  { words: ["knock", "knocks", "knocked", "knocking"], instead: "probe" },
  { words: ["patience", "impatient", "impatience"], instead: "timeout, deadline" },
  { words: ["told"], instead: "reported, notified, passed" },
  { words: ["lend", "lends", "lent"], instead: "provide, pass" },
  { words: ["mend", "mends", "mended", "mending"], instead: "fix" },
  { words: ["door", "doors"], instead: "entry point", except: ["front door"] },
  { words: ["wishes"], instead: "options" },
  { words: ["by half"], instead: "incomplete" },
  { words: ["beneath"], instead: "below, underlying" },
  { words: ["mute", "muted"], instead: "silent" },
  { words: ["keeper", "keepers"], instead: "instance, owner" },
  { words: ["shelf", "shelves"], instead: "index, cache" },
  { words: ["era", "eras"], instead: "generation" },
  { words: ["scene", "scenes"], instead: "fixture, preset, use case" },
  { words: ["anew"], instead: "again, new" },
  { words: ["for ever"], instead: "forever" },
  { words: ["time-out", "time-outs"], instead: "timeout" },
];

/** Words in lower case between single blanks; identifiers are split at capitals and underscores. */
function normalize(line: string): string {
  const words = line.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2 ").match(/[a-z]+(?:-[a-z]+)*/gi) ?? [];
  const joined = words.join(" ").toLowerCase();
  return ` ${joined} ${joined.replaceAll("-", " ")} `;
}

/**
 * The refused words of a text, one per line and entry, as `path:line word` and the term to write
 * instead.
 */
export function findRefusedWords(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const words = normalize(line);
    return refusedWords.flatMap(({ words: refused, instead, except = [] }) => {
      const rest = except.reduce((kept, phrase) => kept.replaceAll(` ${phrase} `, "  "), words);
      const found = refused.find((word) => rest.includes(` ${word} `));
      return found === undefined ? [] : [`${path}:${index + 1} ${found}\n    Write instead: ${instead}.`];
    });
  });
}

const files = [
  "*.md",
  ".changeset/*.md",
  "{bench,docs,examples,packages,tools}/**/*.{ts,mts,cts,js,mjs,cjs,md,sh}",
  "{.,bench,examples/*,packages/*}/package.json",
];
/** Dependencies, output, and outputs of other programs. */
const excluded = /(?:^|\/)(?:node_modules|dist|results|corpus)(?:\/|$)|^tools\/words\./;

if (import.meta.main) {
  const paths = files.flatMap((pattern) => globSync(pattern, { exclude: (path) => excluded.test(path) }));
  const sources = paths.map((path) => path.replaceAll("\\", "/")).filter((path) => !excluded.test(path));
  const found = sources.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    const wide = path.endsWith(".md") ? [] : findWideComments(path, text);
    return [...findRefusedWords(path, text), ...wide];
  });
  for (const one of found) console.error(one);
  console.log(`${sources.length} files read, ${found.length} refused words and wide comments`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
