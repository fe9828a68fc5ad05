import { join } from "node:path";
import { bus, inShell, lock, unlock } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { tempFolder } from "../test/temp-folder.ts";

const program = join(import.meta.dirname, "keyring-identity.mjs");

it("a locked keyring costs no token, and one line on stderr has its code and remedy", {
  timeout: 60_000,
}, async () => {
  const folder = tempFolder();
  const errors = join(tempFolder(), "errors");
  const asText = `${process.execPath} -p 'JSON.stringify({ stderr: fs.readFileSync("${errors}", "utf8") })'`;
  const lines = [unlock, `run ${folder}`, lock, `run ${folder} 2>${errors}`, asText];
  const [working, locked, { stderr }] = (await inShell(program, bus, lines)) as [object, object, { stderr: string }];
  expect(working).toEqual({ failure: "none" });
  expect(locked).toEqual({ failure: expect.stringContaining("[store-key-unreadable]") });
  expect(stderr.match(/^azidentity /gm)).toHaveLength(1);
  expect(stderr).toMatch(/Unlock the keyring: .*AZIDENTITY_CACHE_KEY.*\[store-key-unreadable\]\n/);
});
