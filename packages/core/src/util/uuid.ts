/**
 * A random UUID (version 4 of RFC 9562) that names something in logs. It can be guessed, so it must
 * not protect anything: it comes from `Math.random`, because `node:crypto` takes a process about
 * 5 ms to load and to seed.
 */
export function randomUuid(): string {
  const word = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const hex = `${word()}${word()}${word()}${word()}`;
  const variant = "89ab"[Number.parseInt(hex[16] as string, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
