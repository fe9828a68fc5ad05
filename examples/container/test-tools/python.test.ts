import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { runExample } from "../../support/run-example.ts";

const isInstalled = existsSync("/usr/lib/python3/dist-packages/azure/storage/blob/__init__.py");

test.skipIf(!isInstalled)(
  "a Python program with nothing but the relay's variables downloads the blob of the host",
  () => {
    const { status, output } = runExample(dirname(import.meta.dirname));
    expect(status, output).toBe(0);
    expect(output).toMatch(/^download\.py has downloaded: Hello from the host!$/m);
  },
);
