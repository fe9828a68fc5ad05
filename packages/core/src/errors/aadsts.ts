import { type AadstsRow, applicationRows } from "./aadsts-applications.ts";
import { credentialRows } from "./aadsts-credentials.ts";
import { policyRows } from "./aadsts-users.ts";

/**
 * AADSTS number → outcome, code and remedy, for all numbers that an application can meet at a token
 * endpoint; those that only users meet are `aadstsUserRows`. Microsoft states that the numbers are
 * not a contract, so an unknown one is judged by the OAuth error word alone.
 * A function, as are its parts, so that a process without errors does not make the rows.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const aadstsRows = (): readonly AadstsRow[] => [...credentialRows(), ...applicationRows(), ...policyRows()];

/** Makes rows. */
export type AadstsRows = () => readonly AadstsRow[];

/**
 * What is known about the first of these numbers that is known at all.
 *
 * @param further rows besides those of applications, such as `aadstsUserRows`
 */
export function aadstsRow(numbers: readonly number[], further?: AadstsRows): AadstsRow | undefined {
  if (numbers.length === 0) return undefined;
  const rows = [...aadstsRows(), ...(further?.() ?? [])];
  return numbers.map((number) => rows.find((row) => row.numbers.includes(number))).find((row) => row !== undefined);
}
