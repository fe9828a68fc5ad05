import { expect, it } from "vitest";
import type { IssuedToken } from "../src/contract/token.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-plugin.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";

/** The functions of core between the public call and the source, outermost first. */
const callPath = [
  "getToken", // credential.ts
  "acquire",
  "getToken", // chain/chain.ts
  "elect",
  "walkChain",
  "attemptLink",
  "getToken", // link/create-link.ts
  "resolve",
  "fromMemory",
  "singleFlight",
  "honorRetryAfter",
  "remember",
  "withinDeadline",
  "callSource",
];

/** Named functions of core in a stack trace, outermost first; those of `compose` and anonymous ones are not counted. */
function namedFrames(stack: string): string[] {
  const frames = stack.split("\n").filter((line) => /core\/src\/(?!async\/compose|test-kit)/.test(line));
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
  expect(namedFrames(stack)).toEqual(callPath);
});
