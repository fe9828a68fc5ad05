import type { Output } from "../host.ts";

/** Sequences of colours and links, which take no room. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const sequences = /\u001b\[[0-9;]*m|\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const colours = /(\u001b\[[0-9;]*m)/;

/** Characters that take two columns (East Asian wide, emoji), and those that take none. */
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const narrow = /\p{Mark}|\u200d|\ufe0f/u;

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(sequences, "")) {
    if (!narrow.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Columns of an output: those of the terminal (20 at least), and 80 in a pipe. */
export function columnsOf({ columns }: Output): number {
  return columns === undefined || columns < 1 ? 80 : Math.max(20, columns);
}

/** A text, filled up with blanks to a width. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/**
 * A text that takes at most `width` columns; what is cut off is an ellipsis. Colours stay whole.
 */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let isFull = false;
  for (const part of text.split(colours)) {
    if (part.startsWith("\u001b")) kept += part;
    else if (!isFull) {
      for (const character of part) {
        isFull = widthOf(kept + character) >= width;
        if (isFull) break;
        kept += character;
      }
      if (isFull) kept += "…";
    }
  }
  return kept;
}

/**
 * The lines of a text that is broken between words. A word that is longer than a line stays whole,
 * so that commands, paths and URLs can be copied.
 */
export function wrapped(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = /^ */.exec(paragraph)?.[0] ?? "";
    const indent = line;
    for (const word of paragraph.trim().split(/ +/)) {
      const isFirst = line.trim() === "";
      if (!isFirst && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = indent + word;
      } else line += isFirst ? word : ` ${word}`;
    }
    return [...lines, line];
  });
}
