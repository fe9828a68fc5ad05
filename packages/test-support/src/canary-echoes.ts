import { createIdentity, type Identity, type IdentityPlugin } from "@azidentity/core";
import type { Clock, HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { everythingShown } from "./everything-shown.ts";
import { scope } from "./identities.ts";

/** Letters and digits in the middle of every secret, which show wherever a part of it does. */
const middle = "Zq7Kx9WvB3";

const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$ ", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join("").trim());

/** Secrets with characters that servers escape. */
export const secretsToEcho: fc.Arbitrary<string> = fc
  .tuple(special, special)
  .map(([before, after]) => `${before}${middle}${after}`);

/** Where a server of Entra writes what it was sent. */
const replies: Readonly<Record<string, (echo: string) => Partial<HttpResponse> | Error>> = {
  "a refusal": (echo) => {
    const fields = { error: echo, error_description: `AADSTS7000215: ${echo}`, suberror: echo, trace_id: echo };
    return { status: 401, body: JSON.stringify({ ...fields, correlation_id: echo, timestamp: echo }) };
  },
  "a description after which nothing of it is left": (echo) => {
    const description = `${"x".repeat(2_040)}${echo}`;
    return { status: 400, body: JSON.stringify({ error: "invalid_client", error_description: description }) };
  },
  claims: (echo) => {
    const claims = JSON.stringify({ access_token: { nonce: { value: echo } } });
    return { status: 400, body: JSON.stringify({ error: "interaction_required", error_codes: [50079], claims }) };
  },
  "a page": (echo) => ({ status: 502, headers: { "content-type": `text/html; ${echo}` }, body: `<pre>${echo}</pre>` }),
  "a token response without a token": (echo) => ({ status: 200, body: JSON.stringify({ token_type: echo, echo }) }),
  "an error of the network": (echo) => new Error(`cannot send ${echo}`, { cause: new Error(echo) }),
};

/** What a source is given that it sends. */
export interface EchoCase {
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
}

export interface EchoTests {
  readonly plugin: IdentityPlugin;
  /** By the name of the source; a blank at its end tells two cases of one source apart. */
  readonly cases: Readonly<Record<string, (secret: string) => EchoCase>>;
  /** Default: `secretsToEcho`. */
  readonly secrets?: fc.Arbitrary<string>;
  /** Pauses that end at once. */
  readonly clock: Pick<Clock, "sleep" | "startTimer">;
}

/** Asks a source for a token from a server that replies so; returns all that is shown of it. */
async function shownBy(
  { plugin, clock }: EchoTests,
  name: string,
  { options = {}, env = {} }: EchoCase,
  reply: Partial<HttpResponse> | Error,
): Promise<string> {
  return everythingShown(async (see) => {
    const http = createFakeHttp(() => {
      if (reply instanceof Error) throw reply;
      return reply;
    });
    const logger = { error: see, warn: see, info: see, debug: see };
    const now = { now: () => Date.now(), monotonic: () => 0 };
    const config = { config: false, plugins: [plugin], log: { level: "debug" } } as const;
    await using identity: Identity = createIdentity(config, { env, http, logger, clock: { ...now, ...clock } });
    const credential = identity.credential(name, options);
    const asked = name === "on-behalf-of" ? credential.forUser("the token of a user") : credential;
    await asked.getToken(scope).then(see, (error) => see(error, structuredClone(error)));
    see(`${http.requests.length} requests`);
  });
}

/** Tests that no source shows a secret that a server echoes. */
export function testEchoes(tests: EchoTests): void {
  const { cases, secrets = secretsToEcho } = tests;
  const rows = Object.keys(cases).flatMap((name) => Object.keys(replies).map((what) => [name, what] as const));

  it.each(rows)("%s shows no secret when the server echoes it, in any encoding, in %s", async (name, what) => {
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(...Object.keys(echoEncodings)), async (secret, encoding) => {
        const reply = replies[what]?.(echoEncodings[encoding]?.(secret) ?? "") ?? {};
        const shown = await shownBy(tests, name.trim(), cases[name]?.(secret) ?? {}, reply);
        expect(echoesIn(shown, middle)).toEqual([]);
        expect(shown).toMatch(/[1-9] requests/);
      }),
      { numRuns: 5 },
    );
  });

  it("the check finds a secret: one that was not sent is shown as the server returns it", async () => {
    const [[name, given] = ["", () => ({})]] = Object.entries(cases);
    for (const encode of Object.values(echoEncodings)) {
      const reply = replies["a refusal"]?.(encode(`"+${middle}/`)) ?? {};
      expect(echoesIn(await shownBy(tests, name, given("another secret"), reply), middle)).not.toEqual([]);
    }
  });
}
