import { parseJsonObject } from "@azidentity/core/plugin";

const objectAt = (holder: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
};

/** The claims of a request, if any, and that this client can handle a token that is revoked early. */
export function withCapability(claims: string | undefined): string {
  const all = claims === undefined ? {} : (parseJsonObject(claims) ?? {});
  const accessToken = { ...objectAt(all, "access_token"), xms_cc: { values: ["cp1"] } };
  return JSON.stringify({ ...all, access_token: accessToken });
}
