/** Marks our errors across copies of this package: the value is the name of the class. */
const brand = Symbol.for("@azidentity/identity/error");
/** Marks the errors of `@azidentity/core` in all its copies. */
const coreMark = Symbol.for("@azidentity/error");

type AnyClass = abstract new (...args: never[]) => Error;

/**
 * Makes `instanceof` of a class true for its errors from other copies: of this package, of
 * `@azidentity/core`, and of `@azure/identity`, which have no mark and are known by their name and
 * fields. Subclasses in programs keep the usual `instanceof`.
 *
 * @param fields what an error of `@azure/identity` of that name has
 */
export function recognize(base: AnyClass, name: string, fields: Readonly<Record<string, "number" | "object">>): void {
  const isOfPeer = (error: Readonly<Record<string, unknown>>) =>
    Object.entries(fields).every(([field, type]) => typeof error[field] === type);
  const isOurs = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null) return false;
    const error = value as Readonly<Record<PropertyKey, unknown>>;
    if (error[brand] === name) return true;
    return error.name === name && (error[coreMark] === true || (value instanceof Error && isOfPeer(error)));
  };
  Object.defineProperty(base.prototype, brand, { value: name });
  Object.defineProperty(base, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      const isUsual = Function.prototype[Symbol.hasInstance].call(this as AnyClass, value);
      return isUsual || (this === base && isOurs(value));
    },
  });
}
