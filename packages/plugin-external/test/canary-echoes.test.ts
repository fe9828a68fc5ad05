/** Keys that a server or a program repeats are shown nowhere. */
import { createFakeCommands, createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import { everythingShown } from "@azidentity/test-support";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failure, identityOn, scope } from "./machine.ts";

/** Letters and digits in the middle of every key, which show wherever a part of it does. */
const middle = "Zq7Kx9WvB3";
const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join(""));
const keys = fc.tuple(special, special).map(([before, after]) => `k${before}${middle}${after}k`);

const url = "http://127.0.0.1:1";
/** Where a program writes what it was sent. */
const documents: Readonly<Record<string, (echo: string) => string>> = {
  "an error": (echo) => JSON.stringify({ version: 1, error: { code: "failed", message: echo, remedy: echo } }),
  "an error after which nothing of it is left": (echo) =>
    JSON.stringify({ version: 1, error: { code: "failed", message: `${"x ".repeat(1_020)}${echo}` } }),
  "an error of azd": (echo) => JSON.stringify({ status: "error", code: echo, message: echo }),
  "a page": (echo) => `<p>${echo}</p>`,
  "a token of another type": (echo) => JSON.stringify({ version: 1, token: "T", tokenType: echo }),
};

const kinds: Readonly<Record<string, (key: string, answer: string) => [name: string, env: object, overrides: object]>> =
  {
    relay: (key, answer) => [
      "relay",
      { AZIDENTITY_RELAY_URL: url, AZIDENTITY_RELAY_KEY: key },
      { http: createFakeHttp({ status: 500, body: answer }) },
    ],
    "azd-host": (key, answer) => [
      "azd-host",
      { AZD_AUTH_ENDPOINT: url, AZD_AUTH_KEY: key },
      { http: createFakeHttp({ status: 500, body: answer }) },
    ],
    "exec, on its output": (key, answer) => [
      "exec",
      { TEAM_KEY: key },
      { commands: createFakeCommands({ tokens: () => ({ exitCode: 1, stdout: answer }) }) },
    ],
    "exec, as its error": (key, answer) => [
      "exec",
      { TEAM_KEY: key },
      { commands: createFakeCommands({ tokens: () => ({ exitCode: 1, stderr: answer }) }) },
    ],
  };

/** Everything that is shown when this key is given, and its program answers so. */
function shownBy(kind: string, key: string, answer: string): Promise<string> {
  return everythingShown(async (see) => {
    const [name, env, overrides] = kinds[kind]?.(key, answer) ?? ["", {}, {}];
    const logger = { error: see, warn: see, info: see, debug: see };
    const identity = identityOn(env as Record<string, string>, { log: { level: "debug" } }, { ...overrides, logger });
    const options = name === "exec" ? { program: "tokens", passVariables: ["TEAM_KEY"] } : {};
    const error = await failure(identity.credential(name as "exec", options as never).getToken(scope));
    see(error, structuredClone(error));
  });
}

describe.each(Object.keys(kinds))("%s", (kind) => {
  it.each(Object.keys(documents))("shows no key that is repeated in any encoding, in %s", async (what) => {
    await fc.assert(
      fc.asyncProperty(keys, fc.constantFrom(...Object.keys(echoEncodings)), async (key, encoding) => {
        const answer = documents[what]?.(echoEncodings[encoding]?.(key) ?? "") ?? "";
        expect(echoesIn(await shownBy(kind, key, answer), middle)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

it("the check finds a key: one that was not given is shown as the program returns it", async () => {
  for (const encode of Object.values(echoEncodings)) {
    const answer = documents["an error"]?.(encode(`+${middle}/`)) ?? "";
    expect(echoesIn(await shownBy("relay", "another-key", answer), middle)).not.toEqual([]);
  }
});
