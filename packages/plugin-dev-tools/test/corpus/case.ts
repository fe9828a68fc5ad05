import type { CommandResult, OutcomeCode } from "@azidentity/core/plugin";

/** An output that a tool has printed or could print, and its expected result. */
export interface Case extends Partial<CommandResult> {
  readonly name: string;
  /** Milliseconds since 1970 when the token expires; absent for a failure. */
  readonly expires?: number;
  readonly outcome?: OutcomeCode;
  readonly code?: string;
  /** A part of the remedy. */
  readonly remedy?: string;
}

export const expires = Date.UTC(2026, 10, 23, 15, 2, 11);

/** An unsigned JWT that expires then. */
export function jwt(claims: object = { exp: expires / 1000 }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** A token that does not show its expiry. */
export const opaque = "canary-opaque-token";
