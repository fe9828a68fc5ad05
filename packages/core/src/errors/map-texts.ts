/** Changes a text; `name` is that of the field it stands in. */
export type MapText = (text: string, name?: string) => string;

/**
 * A copy of the fields of a log line in which every text is changed; an error stands there with its
 * message.
 */
export function mapTexts(value: unknown, map: MapText, depth: number, name?: string): unknown {
  if (typeof value === "string") return map(value, name);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "[...]";
  if (value instanceof Error) return map(value.message);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, depth - 1, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map, depth - 1, key)]));
}
