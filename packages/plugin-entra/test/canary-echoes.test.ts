import { createIdentity } from "@azidentity/core";
import type { HttpRequest } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import { echoingReplies, everythingShown, middleOfSecrets, scope, secretsToEcho } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import { hurried } from "./hurried.ts";

/** In quotes, a variable would be refused before anything is sent. */
const secrets = secretsToEcho.filter((secret) => !/^(["']).*\1$/.test(secret));

const ids = { tenantId: "contoso.com", clientId: "app" };
const job = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1" };
const pipeline = { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" };
const names = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };

interface Given {
  readonly options?: object;
  readonly env?: Record<string, string>;
}

/** What each source is given that it sends. */
const cases: Readonly<Record<string, (secret: string) => Given>> = {
  "client-secret": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  "client-assertion": (assertion) => ({ options: { ...ids, getAssertion: async () => assertion } }),
  "on-behalf-of": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  environment: (secret) => ({ env: { ...names, AZURE_CLIENT_SECRET: secret } }),
  "azure-pipelines": (systemAccessToken) => ({
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken },
    env: pipeline,
  }),
  "github-actions": (token) => ({ options: ids, env: { ...job, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } }),
};

async function shownBy(
  name: string,
  given: Given,
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
    const clock = { now: () => Date.now(), monotonic: () => 0, sleep: hurried };
    const config = { config: false, plugins: [entra], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env: given.env ?? {}, http, logger, clock });
    const credential = identity.credential(name as "on-behalf-of", given.options ?? {});
    const asked = name === "on-behalf-of" ? credential.forUser("the token of a user") : credential;
    await asked.getToken(scope).then(see, (error) => see(error, structuredClone(error)));
    see(`${requests.length} requests`);
  });
}

const rows = Object.keys(cases).flatMap((name) => Object.keys(echoingReplies).map((what) => [name, what] as const));

it.each(rows)("%s shows no secret when the server echoes it, in any encoding, in %s", async (name, what) => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.constantFrom(...Object.keys(echoEncodings)), async (secret, encoding) => {
      const reply = echoingReplies[what]?.(echoEncodings[encoding]?.(secret) ?? "") ?? {};
      const shown = await shownBy(name.trim(), cases[name]?.(secret) ?? {}, reply);
      expect(echoesIn(shown, middleOfSecrets)).toEqual([]);
      expect(shown).toMatch(/[1-9] requests/);
    }),
    { numRuns: 5 },
  );
});

it("the check finds a secret: one that was not sent is shown as the server returns it", async () => {
  const given = cases["client-secret"]?.("another secret") ?? {};
  for (const encode of Object.values(echoEncodings)) {
    const reply = echoingReplies["a refusal"]?.(encode(`"+${middleOfSecrets}/`)) ?? {};
    expect(echoesIn(await shownBy("client-secret", given, reply), middleOfSecrets)).not.toEqual([]);
  }
});
