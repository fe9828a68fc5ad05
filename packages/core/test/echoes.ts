import fc from "fast-check";
import { echoesIn } from "../src/testing.ts";

/**
 * The middle of every secret: letters that encodings leave alone, so that it shows wherever a part
 * of a secret does.
 */
const middle = "Zq7Kx9WvB3";

/** Secrets of letters that encodings change, around what tells them apart. */
export const secrets = fc
  .tuple(
    fc.array(fc.constantFrom(..."\"\\+/%&=<>'#;{}[]~!$", "%41", "\\u002b", "&lt;"), { minLength: 1, maxLength: 5 }),
    fc.array(fc.constantFrom(..."\"\\+/%&=<>'#;{}[]~!$", "%2b", "\\n"), { maxLength: 5 }),
  )
  .map(([before, after]) => `${before.join("")}${middle}${after.join("")}`);

/** The traces of a secret in what was shown. */
export const tracesIn = (shown: string): string[] => echoesIn(shown, middle);
