/**
 * The part of a test runner that the contract tests use; vitest and jest fit, and node:test with an
 * `expect` of that style.
 */
export interface TestRunner {
  /** Registers a test. */
  readonly it: (name: string, test: () => Promise<void> | void) => unknown;
  /** Begins an assertion; `message` is shown when it fails. */
  readonly expect: (
    actual: unknown,
    message?: string,
  ) => {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
}
