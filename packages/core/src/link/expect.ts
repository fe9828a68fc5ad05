import type { AnySource } from "../contract/services.ts";
import type { IssuedToken, Principal } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { claimedPrincipal } from "../token/principal.ts";

/** The principal that every token must have: `expect` of the config. */
export type Expected = Readonly<Partial<Record<"tenantId" | "objectId" | "clientId", string>>>;

const fields = ["tenantId", "objectId", "clientId"] as const;

/**
 * Refuses a token of another principal, or one whose principal cannot be read.
 *
 * @param written `expect` with its references, which messages have in place of their values
 */
export function expectPrincipal(source: string, expected: Expected, written: object, found: Principal): void {
  for (const field of fields) {
    const actual = found[field]?.toLowerCase();
    if (expected[field] === undefined || actual === expected[field].toLowerCase()) continue;
    const [whose, code, remedy] =
      actual === undefined
        ? [
            `that does not say its ${field}`,
            "unverifiable-principal" as const,
            "Ask for a resource whose tokens can be read, or take it out of `expect`.",
          ]
        : [`for ${field} ${actual}`, "unexpected-principal" as const, "Run: azid explain - or correct `expect`."];
    const wanted = JSON.stringify((written as Record<string, unknown>)[field]);
    const problem = `${source} returned a token ${whose}, and \`expect\` wants ${wanted}.`;
    throw outcomeError("rejected", problem, { code, remedy });
  }
}

/** A source, and whose tokens it may have. */
interface Expecting {
  readonly source: Pick<AnySource, "name">;
  readonly expected: Expected;
  /** The same with its references. */
  readonly expectedAsWritten?: object | undefined;
}

/** Throws when a token may not be used here (`expect`). */
export function checkExpected(
  { source, expected, expectedAsWritten = expected }: Expecting,
  { token }: Pick<IssuedToken, "token">,
): void {
  if (fields.some((field) => expected[field] !== undefined))
    expectPrincipal(source.name, expected, expectedAsWritten, claimedPrincipal(token));
}
