import { createIdentity } from "@azidentity/core";
import type { HttpRequest } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import { echoingReplies, everythingShown, middleOfSecrets, scope, secretsToEcho } from "@azidentity/test-support";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import users from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { hurry } from "./user-answer.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

const code = { clientId: "app", redirectUri: "http://localhost" };

/** The options of each source with the secret that it sends. */
const cases: Readonly<Record<string, (secret: string) => object>> = {
  "username-password": (password) => ({ clientId: "app", username: "ann@contoso.com", password }),
  "authorization-code": (clientSecret) => ({ ...code, clientSecret, authorizationCode: "code" }),
  "authorization-code ": (authorizationCode) => ({ ...code, authorizationCode }),
};

async function shownBy(
  name: string,
  options: object,
  reply: ReturnType<(typeof echoingReplies)[string]>,
): Promise<string> {
  return everythingShown(async (see) => {
    const requests: HttpRequest[] = [];
    const http = createFakeHttp((request) => {
      requests.push(request);
      if (reply instanceof Error) throw reply;
      return reply;
    });
    const logger = { error: see, warn: see, info: see, debug: see };
    const clock = { now: () => Date.now(), monotonic: () => 0, ...hurry };
    const config = { config: false, plugins: [users], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env: {}, http, logger, clock });
    const credential = identity.credential(name as "username-password", options);
    await credential.getToken(scope).then(see, (error) => see(error, structuredClone(error)));
    see(`${requests.length} requests`);
  });
}

const rows = Object.keys(cases).flatMap((name) => Object.keys(echoingReplies).map((what) => [name, what] as const));

it.each(rows)("%s shows no secret when the server echoes it, in any encoding, in %s", async (name, what) => {
  await fc.assert(
    fc.asyncProperty(secretsToEcho, fc.constantFrom(...Object.keys(echoEncodings)), async (secret, encoding) => {
      const reply = echoingReplies[what]?.(echoEncodings[encoding]?.(secret) ?? "") ?? {};
      const shown = await shownBy(name.trim(), cases[name]?.(secret) ?? {}, reply);
      expect(echoesIn(shown, middleOfSecrets)).toEqual([]);
      expect(shown).toMatch(/[1-9] requests/);
    }),
    { numRuns: 5 },
  );
});

it("the check finds a secret: one that was not sent is shown as the server returns it", async () => {
  const options = cases["username-password"]?.("another secret") ?? {};
  for (const encode of Object.values(echoEncodings)) {
    const reply = echoingReplies["a refusal"]?.(encode(`"+${middleOfSecrets}/`)) ?? {};
    expect(echoesIn(await shownBy("username-password", options, reply), middleOfSecrets)).not.toEqual([]);
  }
});
