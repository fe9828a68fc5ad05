/**
 * Runs before and after every test file. Test files share processes (vitest.config.ts), because a
 * process per file costs as much CPU time as the tests themselves. A file that leaves its process
 * otherwise than it found it fails here, and not the file after it.
 */
import { beforeAll, expect } from "vitest";
import { recordProcessState } from "./process-state.ts";

const changes = recordProcessState();

// what the first `beforeAll` returns runs after all other hooks of the file
beforeAll(() => () => {
  expect(changes().join(", "), "What this file must undo at its end").toBe("");
});
