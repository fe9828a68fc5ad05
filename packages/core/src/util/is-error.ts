/**
 * Whether a value is an error, also one of another realm: to a test in Jest, those of Node.js are.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
