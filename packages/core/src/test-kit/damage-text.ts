/** Pieces that readers of JSON, of lines and of numbers stumble over. */
const oddities: readonly string[] = [
  ..."{}[]\"',:\\/<>&%\u0000\uFEFF\uFFFD\u2028\n\r\u001b",
  "null",
  "NaN",
  "-1",
  "1e400",
  "99999999999999999999",
  '""',
  "\\n",
  "\\u0000",
  "..",
  "\ud83d",
  "🙂",
  "{".repeat(40),
  "__proto__",
  "<html>",
];

/** Other values for a member of a JSON object. */
const values: readonly string[] = [
  "null",
  "true",
  "0",
  "-1",
  "1e20",
  '""',
  '" "',
  "[]",
  "{}",
  '{"code":1}',
  '"\\r\\n"',
];

/** Numbers from 0 to below 1, the same for each seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Damage = (text: string, random: () => number) => string;

const below = (random: () => number, limit: number) => Math.floor(random() * limit);
const oneOf = <T>(random: () => number, items: readonly T[]) => items[below(random, items.length)] as T;

const damages: readonly Damage[] = [
  // cut off
  (text, random) => text.slice(0, below(random, text.length)),
  // a part is missing
  (text, random) => {
    const start = below(random, text.length);
    return text.slice(0, start) + text.slice(start + 1 + below(random, text.length / 4));
  },
  // something is inserted
  (text, random) => {
    const at = below(random, text.length + 1);
    return text.slice(0, at) + oneOf(random, oddities) + text.slice(at);
  },
  // another character
  (text, random) => {
    const at = below(random, text.length);
    return text.slice(0, at) + String.fromCharCode(below(random, 0x1_00_00)) + text.slice(at + 1);
  },
  // twice
  (text) => text + text,
  // another value of a member
  (text, random) => {
    const members = [...text.matchAll(/":\s{0,4}("[^"]*"|-?[\d.]+|null|true|false)/g)];
    const member = members[below(random, members.length)];
    if (member === undefined) return text;
    return `${text.slice(0, member.index)}":${oneOf(random, values)}${text.slice(member.index + member[0].length)}`;
  },
];

/**
 * The text with one to four defects, always the same ones for a seed: for tests of what a source
 * makes of a response or an output that is not what it expects. Each result has to be a token, or
 * an error of azidentity.
 */
export function damageText(text: string, seed: number): string {
  const random = createRandom(seed);
  let damaged = text;
  for (let left = 1 + below(random, 4); left > 0; left--) damaged = oneOf(random, damages)(damaged, random);
  return damaged;
}
