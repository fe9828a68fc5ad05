import { isPlain } from "../options/plain.ts";

/** References are a few levels deep; a circular value would never end. */
export const maxDepth = 32;

/** Whether a value is a reference of that kind. */
export function isReference<K extends "env" | "file" | "$template">(
  value: unknown,
  key: K,
): value is Record<K, string> {
  return (
    isPlain(value) &&
    Object.keys(value).length === 1 &&
    typeof (value as Readonly<Record<string, unknown>>)[key] === "string"
  );
}

/**
 * Whether an option is a reference, or a part of it is: its value is known where it is needed.
 * Never throws.
 */
export function refersElsewhere(option: unknown, depth = 0): boolean {
  if (!isPlain(option) || depth > maxDepth) return false;
  const isOne = (["env", "file", "$template"] as const).some((key) => isReference(option, key));
  return isOne || Object.values(option).some((part) => refersElsewhere(part, depth + 1));
}
