import type { IdentityError } from "@azidentity/core";
import type { GetTokenOptions } from "../types/token.ts";
import { inOwnWords } from "./own-names.ts";

/** The call that failed. */
export interface FailedCall {
  /** Name of the credential's class, or of a subclass. */
  readonly className: string;
  /** Name of our class. */
  readonly of: string;
  readonly scopes: string | string[];
  readonly options: GetTokenOptions | undefined;
}

/** Marks the errors of core in all its copies. */
const mark = Symbol.for("@azidentity/error");

export const isOfCore = (error: unknown): error is IdentityError =>
  typeof error === "object" && error !== null && (error as { [mark]?: unknown })[mark] === true;

/** Adds what core knows and the classes of the Azure SDKs have no fields for. */
export function withDetails<E extends Error>(made: E, error: IdentityError): E {
  const { name: _name, message: _message, stack: _stack, cause: _cause, ...known } = error as IdentityError & Error;
  const details = { ...known, remedy: known.remedy && inOwnWords(known.remedy) };
  const isKnown = (name: string, value: unknown) => value !== undefined && !(name === "statusCode" && value === 0);
  const added = Object.entries(details).filter(([name, value]) => isKnown(name, value) && !Object.hasOwn(made, name));
  for (const [name, value] of added) Object.defineProperty(made, name, { value, configurable: true });
  return made;
}
