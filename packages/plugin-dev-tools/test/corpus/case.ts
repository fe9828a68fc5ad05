import type { CommandResult, OutcomeCode } from "@azidentity/core/plugin";

/** What a tool printed once, or could print, and what it has to be taken for. */
export interface Case extends Partial<CommandResult> {
  readonly name: string;
  /** Milliseconds of the token's end; absent for a failure. */
  readonly expires?: number;
  readonly outcome?: OutcomeCode;
  readonly code?: string;
  /** A part of the remedy. */
  readonly remedy?: string;
}

export const expires = Date.UTC(2026, 10, 23, 15, 2, 11);

/** An unsigned JWT that ends then. */
export function jwt(claims: object = { exp: expires / 1000 }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** A token of which nobody can read when it ends. */
export const opaque = "canary-opaque-token";
