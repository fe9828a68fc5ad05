/** The part of a test runner that the contract tests use; vitest, jest and node:test with any expect of that style fit. */
export interface TestRunner {
  readonly it: (name: string, test: () => Promise<void> | void) => unknown;
  readonly expect: (
    actual: unknown,
    message?: string,
  ) => {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
}
