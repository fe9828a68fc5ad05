const unicode = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const bytes = (text: string) =>
  [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
/**
 * Base64 of a text after `before` other bytes, without the letters that depend on its neighbours.
 */
const base64 = (text: string, before: number) => {
  const encoded = Buffer.from(`${":".repeat(before)}${text}`, "utf8");
  return encoded.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((encoded.length * 8) / 6));
};

/**
 * How servers encode what they echo, by name: for tests in which a server echoes a secret that must
 * not be shown anywhere.
 */
export const echoEncodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  "json in json": (text) => JSON.stringify(JSON.stringify(text)).slice(1, -1),
  unicode,
  percent: (text) => encodeURIComponent(text),
  bytes,
  form: (text) => new URLSearchParams({ s: text }).toString().slice(2),
  html: (text) => text.replace(/[^\w]/g, (unit) => `&#${unit.charCodeAt(0)};`),
  "base64 alone": (text) => base64(text, 0),
  "base64 behind one byte": (text) => base64(text, 1),
  "base64 behind two bytes": (text) => base64(text, 2),
};

/**
 * Names of the encodings in which `shown` contains a text. Pass a part of the secret that has only
 * letters and digits.
 */
export function echoesIn(shown: string, text: string): string[] {
  return Object.keys(echoEncodings).filter((name) => shown.includes(echoEncodings[name]?.(text) ?? text));
}
