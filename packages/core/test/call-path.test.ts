import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { IssuedToken } from "../src/contract/token.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-options.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";

/**
 * The functions of core between the public call and the source, outermost first, as the
 * architecture page lists them.
 */
function listedPath(): string[] {
  const page = readFileSync(new URL("../../../docs/architecture.md", import.meta.url), "utf8");
  const table = page.split("<!-- call path -->")[1]?.split("<!-- /call path -->")[0] ?? "";
  return [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name as string);
}

/**
 * Named functions of core in a stack trace, outermost first. Anonymous ones are not counted, nor
 * what runs steps and joins equal calls (`async/`).
 */
function namedFrames(stack: string): string[] {
  const frames = stack.split("\n").filter((line) => /core\/src\/(?!async\/|test-kit)/.test(line));
  const names = frames.map((line) => /at (?:async )?(?:Object\.)?([\w$]+) \(/.exec(line)?.[1]);
  return names.filter((name) => name !== undefined).reverse();
}

it("A cold getToken passes the steps that the architecture page lists, and no other named function of core", async () => {
  let stack = "";
  const clock = createFakeClock();
  const source = defineSource({
    name: "synchronous",
    kind: "deployed",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "s",
    create: () => ({
      getToken(): Promise<IssuedToken> {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 100;
        stack = new Error("here").stack ?? "";
        Error.stackTraceLimit = stackTraceLimit;
        return Promise.resolve({ token: "t", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" });
      },
    }),
  });
  const plugins = [definePlugin({ name: "p", sources: [source] })];
  const identity = createIdentity({ config: false, plugins }, { clock, env: {} });
  await identity.getToken("https://vault.azure.net/.default"); // loads, and makes the source's credential
  await identity.chain(["synchronous"]).getToken("https://storage.azure.com/.default", {});
  const path = namedFrames(stack);
  expect(path).toEqual(listedPath());
  expect(path.length).toBeLessThanOrEqual(15);
});
