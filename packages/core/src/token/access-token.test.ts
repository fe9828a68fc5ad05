import assert from "node:assert";
import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import v8 from "node:v8";
import { expect, it } from "vitest";
import { accessToken, reportedPrincipal } from "./access-token.ts";

const issued = {
  token: "c4n4ry",
  expiresOnTimestamp: 2_000,
  refreshAfterTimestamp: 1_000,
  tokenType: "Bearer",
  principal: { username: "ann@contoso.com" },
} as const;

/** Output of `console` for a function that writes to it. */
function printed(print: (console: Console) => void): string {
  const chunks: string[] = [];
  const stdout = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  print(new Console({ stdout }));
  return chunks.join("");
}

const ways: Readonly<Record<string, (token: object) => string>> = {
  "JSON.stringify": (token) => JSON.stringify([token, { deep: { token } }]),
  "util.inspect": (token) => inspect({ deep: { token } }, { depth: 9, getters: true }),
  "util.inspect with hidden properties": (token) => inspect(token, { showHidden: true, showProxy: true }),
  "console.log": (token) => printed((console) => console.log("%o %O %j %s", token, token, token, token)),
  "console.dir": (token) => printed((console) => console.dir({ deep: token }, { depth: 9 })),
  "a log line of pino's form": (token) => JSON.stringify({ level: 30, token, err: new Error("x", { cause: token }) }),
};
it.each(Object.entries(ways))("%s does not show the text of a token", (_, show) => {
  const token = accessToken(issued);
  expect(token.token).toBe("c4n4ry");
  expect(show({ token: "c4n4ry" }), "it would show that of a plain object").toContain("c4n4ry");
  expect(show(token)).not.toContain("c4n4ry");
});

/** Ways that have to read the text to do their work; SECURITY.md says so. */
const readers: Readonly<Record<string, (token: object) => string>> = {
  "a copy by spread": (token) => JSON.stringify({ ...token }),
  structuredClone: (token) => JSON.stringify(structuredClone(token)),
  "v8.serialize": (token) => v8.serialize(token).toString("latin1"),
  "console.table": (token) => printed((console) => console.table([token])),
  "the difference that assert prints": (token) => {
    try {
      assert.deepEqual(token, { token: "other" });
    } catch (error) {
      return String(error);
    }
    return "";
  },
};
it.each(Object.entries(readers))("%s shows the text of a token, as SECURITY.md says", (way, show) => {
  expect(show(accessToken(issued))).toContain("c4n4ry");
  const documented = readFileSync(new URL("../../../../SECURITY.md", import.meta.url), "utf8");
  expect(documented).toContain(way.replace("a copy by ", "").replace("the difference that assert prints", "assert"));
});

it("printing or copying a token omits its principal", () => {
  const token = accessToken(issued);
  expect(inspect(token, { showHidden: true })).not.toContain("ann");
  expect({ ...token }).toEqual({ ...issued, principal: undefined });
  expect(reportedPrincipal(token)).toEqual({ username: "ann@contoso.com" });
  expect(reportedPrincipal(accessToken({ ...issued, principal: undefined }))).toBeUndefined();
});

it("a caller cannot change a token for the others", () => {
  const token = accessToken(issued);
  expect(() => Object.assign(token, { token: "other" })).toThrow(TypeError);
  expect(token.token).toBe("c4n4ry");
});
