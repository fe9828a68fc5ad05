import { parseJsonObject } from "@azidentity/core/plugin";
import { Refusal } from "../refusal.ts";

/** The JSON object that a request consists of. */
export function readDocument(body: string): Readonly<Record<string, unknown>> {
  const document = parseJsonObject(body);
  if (document === undefined) throw new Refusal("invalid-request", "The body has to be a JSON object.");
  return document;
}

export function readScopes({ scopes }: Readonly<Record<string, unknown>>): readonly [string, ...string[]] {
  const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && scope !== "");
  const [first, ...others] = isList ? (scopes as string[]) : [];
  if (first === undefined) throw new Refusal("invalid-request", "`scopes` has to be a list of texts, not empty.");
  return [first, ...others];
}

/** A member that may be absent; null and the empty text count as absent. */
export function readMember<T extends string | boolean>(
  document: Readonly<Record<string, unknown>>,
  name: string,
  type: T extends string ? "string" : "boolean",
): T | undefined {
  const value = document[name] ?? undefined;
  if (value === undefined || value === "") return undefined;
  // biome-ignore lint/suspicious/useValidTypeof: `type` is one of two literals
  if (typeof value !== type) throw new Refusal("invalid-request", `\`${name}\` has to be a ${type}.`);
  return value as T;
}
