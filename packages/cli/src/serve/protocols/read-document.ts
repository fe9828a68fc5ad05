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

/** A text that may be absent; null and the empty text count as absent. */
export function readText(document: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = document[name] ?? "";
  if (typeof value !== "string") throw new Refusal("invalid-request", `\`${name}\` has to be a text.`);
  return value === "" ? undefined : value;
}
