import type { IdentityError } from "./errors.ts";

/** Holds the error of another library. */
const theirs = Symbol("theirs");

/**
 * Lets an error of ours, by whose outcome a chain decides, stand for an error of another library.
 * Callers get that one, the very object: their program may know its class and its fields.
 */
export function standFor<E extends IdentityError>(error: E, other: unknown): E {
  return Object.defineProperty(error, theirs, { value: other });
}

/** Whether an error of ours stands for one of another library. */
export function standsForAnother(error: IdentityError): boolean {
  return Object.hasOwn(error, theirs);
}

/** What callers get of an error: the one that it stands for, or itself. */
export function passedOn(error: unknown): unknown {
  const holder = error as { readonly [theirs]?: unknown };
  return error instanceof Error && Object.hasOwn(error, theirs) ? holder[theirs] : error;
}
