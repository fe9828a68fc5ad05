/** Finds comments that are wider than CONTRIBUTING.md says; the formatter does not wrap them. */

/** Columns of a line that is a comment. */
const maxWidth = 100;
/** Columns of a line of code with a comment behind it: those of the formatter. */
const maxWidthWithCode = 120;

const commentLine = /^\s*(?:\/\/|\/?\*+) ?(.*?)(?: ?\*\/)?$/;
const commentBehind = /[^\s:"'`]\s+\/\/ [^"'`]*$/;
/** For tools, which read a line of their own. */
const directive = /^(?:biome-ignore|@ts-|@vitest-)/;

/** Whether a line is wider than it may be, and could be wrapped. */
function isTooWide(line: string, isExample: boolean): boolean {
  const text = commentLine.exec(line)?.[1];
  if (text === undefined) return line.length > maxWidthWithCode && commentBehind.test(line);
  return line.length > maxWidth && text.includes(" ") && !isExample && !directive.test(text);
}

/** The lines of a source with a comment that is too wide, as `path:line`. Examples are code. */
export function findWideComments(path: string, text: string): string[] {
  let isExample = false;
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*\*\s*@/.test(line)) isExample = line.includes("@example");
    if (line.includes("*/")) isExample = false;
    return isTooWide(line, isExample) ? [`${path}:${index + 1} A comment is wider than ${maxWidth} columns.`] : [];
  });
}
