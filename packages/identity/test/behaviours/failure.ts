import { expect } from "vitest";
import type { Identity } from "./implementations.ts";

const classes = [
  "CredentialUnavailableError",
  "AuthenticationError",
  "AuthenticationRequiredError",
  "AggregateAuthenticationError",
] as const;

/** What a caller can tell about an error. */
export interface Failure {
  readonly name: string;
  /** Classes of the package of which it is an instance. */
  readonly instanceOf: readonly string[];
  readonly message: string;
}

export function describeError(identity: Identity, error: unknown): Failure {
  const { name, message } = error as Error;
  const instanceOf = classes.filter((each) => error instanceof identity[each]);
  return { name, instanceOf: error instanceof Error ? instanceOf : ["no Error"], message };
}

/** The error of a call, thrown or as a rejection. */
export async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error("The call has succeeded.");
}

/** The failure of a call; a text if it has succeeded. */
export async function failureOf(identity: Identity, action: () => unknown): Promise<Failure | string> {
  try {
    await action();
  } catch (error) {
    return describeError(identity, error);
  }
  return "no failure";
}

const quote = (word: string) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Expects a failure of a class, whose message contains these words, in upper or lower case. */
export function failure(name: string, ...words: readonly string[]): Failure {
  const all = words.map((word) => `(?=[\\s\\S]*${quote(word)})`).join("");
  return {
    name,
    instanceOf: classes.filter((each) => each === name),
    message: expect.stringMatching(new RegExp(`^${all}`, "i")),
  };
}
