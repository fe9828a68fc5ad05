import type { AnySource } from "../contract/services.ts";
import type { IssuedToken, Principal } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { claimedPrincipal } from "../token/principal.ts";

/** The principal that every token must have: `expect` of the config. */
export type Expected = Readonly<Partial<Record<"tenantId" | "objectId" | "clientId", string>>>;

const fields = ["tenantId", "objectId", "clientId"] as const;

/** Refuses a token of another principal, or one whose principal cannot be read. */
export function expectPrincipal(source: string, expected: Expected, found: Principal): void {
  for (const field of fields) {
    const wanted = expected[field]?.toLowerCase();
    if (wanted === undefined) continue;
    const actual = found[field]?.toLowerCase();
    if (actual === wanted) continue;
    if (actual === undefined) {
      throw outcomeError(
        "rejected",
        `${source} brought a token that does not say its ${field}, and \`expect\` wants ${wanted}.`,
        {
          code: "unverifiable-principal",
          remedy: "Ask for a resource whose tokens can be read, or take that field out of `expect`.",
        },
      );
    }
    throw outcomeError(
      "rejected",
      `${source} brought a token for ${field} ${actual}, and \`expect\` wants ${wanted}.`,
      {
        code: "unexpected-principal",
        remedy: "Another principal answered than you expected: see `identity.explain`, or correct `expect`.",
      },
    );
  }
}

/** A source, and whose tokens it may have. */
interface Expecting {
  readonly source: Pick<AnySource, "name">;
  readonly expected: Expected;
}

/** Throws when a token may not be used here (`expect`). */
export function checkExpected({ source, expected }: Expecting, { token }: Pick<IssuedToken, "token">): void {
  if (fields.some((field) => expected[field] !== undefined))
    expectPrincipal(source.name, expected, claimedPrincipal(token));
}
