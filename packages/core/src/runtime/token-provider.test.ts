import { expect, it } from "vitest";
import type { AnySource } from "../contract/services.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { createIdentity } from "../identity.ts";
import { definePlugin, defineSource } from "../options/define-options.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";

const scope = "https://cognitiveservices.azure.com/.default";
const hour = 3_600_000;
const coded = (code: string) => expect.objectContaining({ code });

/** An identity of one source, which numbers its tokens and keeps its requests. */
function setUp() {
  const requests: TokenRequest[] = [];
  const clock = createFakeClock();
  const source: AnySource = defineSource({
    name: "counting",
    kind: "deployed",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "app",
    create: () => ({
      async getToken(request): Promise<IssuedToken> {
        requests.push(request);
        return { token: `token-${requests.length}`, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
      },
    }),
  });
  const plugin = definePlugin({ name: "counting", sources: [source] });
  return { requests, clock, identity: createIdentity({ plugins: [plugin], config: false }, { env: {}, clock }) };
}

it("A provider returns the text of the token that getToken returns, from the same cache", async () => {
  const { identity, requests } = setUp();
  const provider = identity.provider(scope);

  expect(await provider()).toBe("token-1");
  expect((await identity.getToken(scope)).token).toBe("token-1");
  expect(requests.length).toBe(1);
});

it("A provider returns one promise for all hits on one token", async () => {
  const { identity } = setUp();
  const provider = identity.provider(scope);
  await provider();

  expect(provider()).toBe(provider());
});

it("A provider returns the text of the next token when the one before has expired", async () => {
  const { identity, clock } = setUp();
  const provider = identity.provider(scope);
  await provider();
  await provider();
  await clock.advance(hour);

  expect([await provider(), await provider()]).toEqual(["token-2", "token-2"]);
});

it("Credentials of one source and chains make providers too", async () => {
  const { identity } = setUp();

  expect(await identity.credential("counting").provider(scope)()).toBe("token-1");
  expect(await identity.chain(["counting"]).provider([scope])()).toBe("token-1");
});

it("The options of a provider apply to each call, as they were when it was made", async () => {
  const { identity, requests } = setUp();
  const options = { enableCae: true };
  const provider = identity.provider(scope, options);
  options.enableCae = false;
  await provider();
  await provider({ tenantId: "contoso.com" });

  expect(requests).toMatchObject([{ enableCae: true }, { enableCae: true, tenantId: "contoso.com" }]);
});

it("The signal of one call ends that call alone", async () => {
  const { identity } = setUp();
  const provider = identity.provider(scope);

  await expect(provider({ abortSignal: AbortSignal.abort() })).rejects.toEqual(coded("cancelled"));
  expect(await provider()).toBe("token-1");
});

it("A provider ignores an object that its client passes, as pg passes its connection parameters", async () => {
  const { identity, requests } = setUp();
  const provider = identity.provider(scope) as (parameters: unknown) => Promise<string>;
  const parameters = { user: "app", database: "orders", host: "db.example", port: 5432, options: "-c a=b" };

  expect(await provider(parameters)).toBe("token-1");
  expect(await provider(parameters)).toBe("token-1");
  expect(await provider(null)).toBe("token-1");
  expect(requests.length).toBe(1);
});

it("Making a provider of wrong arguments throws at once", () => {
  const { identity } = setUp();

  expect(() => identity.provider([])).toThrow(coded("no-scope"));
  expect(() => identity.provider('"')).toThrow(coded("invalid-scope"));
  expect(() => identity.provider(scope, { claims: "no JSON" })).toThrow(coded("invalid-claims"));
  expect(() => identity.provider(scope, 5 as never)).toThrow(coded("invalid-argument"));
});

it.each(["then", "catch", "finally"])(
  "Replacing `%s` of the promise of one caller changes nothing for the others",
  async (method) => {
    const { identity } = setUp();
    const provider = identity.provider(scope);
    await provider();
    const shared = provider();
    Object.defineProperty(shared, method, { value: () => "forged" });

    expect(provider()).not.toBe(shared);
    expect(await provider()).toBe("token-1");
  },
);

it("A provider rejects with `closed` once its identity is closed", async () => {
  const { identity } = setUp();
  const provider = identity.provider(scope);
  await provider();
  await identity.close();

  await expect(provider()).rejects.toEqual(coded("closed"));
});
