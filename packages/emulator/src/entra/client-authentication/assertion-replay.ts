import { StsError } from "../sts-error.ts";

export interface AssertionReplay {
  /**
   * Throws for an assertion without an identifier, and for one whose identifier the client has used
   * before.
   */
  check(clientId: string, identifier: unknown): void;
}

/** Entra accepts an assertion until it expires; identifiers are stored only if `refuse` is true. */
export function createAssertionReplay(refuse: boolean): AssertionReplay {
  const used = new Set<string>();
  return {
    check(clientId, identifier) {
      if (!refuse) return;
      const use = `${clientId} ${String(identifier)}`;
      if (typeof identifier !== "string") throw new StsError(50027, { reason: "The claim jti is missing." });
      if (used.has(use)) throw new StsError(50027, { reason: "The assertion has been used before." });
      used.add(use);
    },
  };
}
