import { type Habit, habits } from "./habits.ts";

/** A habit, and where the code has it. */
export interface FoundHabit {
  readonly habit: Habit;
  /** From 1. */
  readonly line: number;
}

/** Finds at most this many of a habit in a file: a reader looks at the file after the first few. */
const maxOfOne = 20;

/** Whether a file has to do with the package at all. */
export function mentionsIdentity(text: string): boolean {
  return text.includes("@azure/identity");
}

/**
 * The habits of one file, and those of any file. The text is searched, and not parsed: comments are
 * blanked first, so that what they say is not found.
 */
export function findHabits(text: string, ofAnyFile: readonly Habit[] = []): readonly FoundHabit[] {
  const wanted = [
    ...(mentionsIdentity(text) ? habits : []),
    ...ofAnyFile.filter(({ pattern }) => text.search(pattern) >= 0),
  ];
  if (wanted.length === 0) return [];
  const code = withoutComments(text);
  return wanted
    .flatMap((habit) => linesOf(code, habit).map((line) => ({ habit, line })))
    .toSorted((a, b) => a.line - b.line);
}

function linesOf(code: string, { pattern }: Habit): readonly number[] {
  const found = [...code.matchAll(pattern)].slice(0, maxOfOne);
  return [...new Set(found.map(({ index }) => lineOf(code, index)))];
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/**
 * Strings of one line, templates, and comments, whichever begins first. What does not end goes on
 * to the end.
 */
const tokens =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*(?:`|$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** Blanks comments; line breaks stay, so that lines keep their numbers. */
function withoutComments(text: string): string {
  return text.replace(tokens, (token) => (token.startsWith("/") ? token.replace(/[^\n]/g, " ") : token));
}
