import { type AadstsRow, applicationRows } from "./aadsts-applications.ts";
import { credentialRows } from "./aadsts-credentials.ts";
import { userRows } from "./aadsts-users.ts";

/**
 * AADSTS number → outcome, code and remedy, for all numbers that an application, a developer or a
 * user can meet at a token endpoint. Microsoft states that the numbers are not a contract, so an
 * unknown one is judged by the OAuth error word alone.
 * A function, as are its parts, so that a process without errors does not make the rows.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const aadstsRows = (): readonly AadstsRow[] => [...credentialRows(), ...applicationRows(), ...userRows()];

/** What is known about the first of these numbers that is known at all. */
export function aadstsRow(numbers: readonly number[]): AadstsRow | undefined {
  if (numbers.length === 0) return undefined;
  const rows = aadstsRows();
  return numbers.map((number) => rows.find((row) => row.numbers.includes(number))).find((row) => row !== undefined);
}
