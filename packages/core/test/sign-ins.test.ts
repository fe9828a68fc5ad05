import fc from "fast-check";
import { expect, it } from "vitest";
import type { SourceContext } from "../src/contract/context.ts";
import type { AnySource } from "../src/contract/services.ts";
import type { IssuedToken } from "../src/contract/token.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-options.ts";
import type { IdentityOptions } from "../src/runtime/start-place.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

const scope = "https://vault.azure.net/.default";

/**
 * A source in which the next of these users signs in when no user is signed in, or when
 * `authenticate` is called.
 */
function personSource(people: string[], more: Partial<AnySource> = {}) {
  let account: string | undefined;
  let asked = 0;
  const source = defineSource({
    name: "person",
    kind: "interactive",
    tenantPolicy: "allow-list",
    homeTenant: { otherwise: () => "organizations" },
    subject: () => "app",
    create: (_, { clock }: SourceContext) => ({
      account: async () => account,
      async authenticate() {
        account = people.shift() as string;
        return { authority: "a", homeAccountId: account, clientId: "app", tenantId: "t", username: account };
      },
      async getToken(): Promise<IssuedToken> {
        account ??= people.shift() as string;
        const token = `${account}-${++asked}`;
        return { token, account, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
    ...more,
  } as AnySource);
  return { plugin: definePlugin({ name: "plugin-person", sources: [source] }) };
}

const setUp = (
  people: string[],
  options: IdentityOptions = {},
  more: Partial<AnySource> = {},
  clock = createFakeClock(),
) =>
  createIdentity(
    { config: false, ...options, plugins: [personSource(people, more).plugin, ...(options.plugins ?? [])] },
    { env: {}, clock, random: () => 0 },
  );

const enabled = { sources: { person: { enabled: true } } };

it("a user who signs in with a named source is signed in for the default chain, too", async () => {
  await using identity = setUp(["ann", "bob"], enabled);
  expect((await identity.getToken(scope)).token).toBe("ann-1");
  expect((await identity.credential("person").getToken(scope)).token).toBe("ann-1");
  expect((await identity.credential("person", {}).getToken(scope)).token).toBe("ann-1");
  expect(await identity.credential("person").authenticate(scope)).toMatchObject({ username: "bob" });
  expect((await identity.getToken(scope)).token).toBe("bob-2");
});

it("tokens of one account are never served to another, from a store that both use", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const stores = definePlugin({
    name: "plugin-store",
    services: [defineTokenStore({ name: "memory", create: () => store })],
  });
  const tokenOf = async (name: string, before: readonly string[]) => {
    await using identity = setUp([name], { plugins: [stores], cache: { store: "memory" } }, {}, clock);
    const person = identity.credential("person");
    await person.authenticate(scope);
    for (const other of before) await person.getToken(other);
    return (await person.getToken(scope)).token;
  };
  expect(await tokenOf("ann", ["other"])).toBe("ann-2");
  expect(await tokenOf("bob", [])).toBe("bob-1");
  expect(await tokenOf("ann", [])).toBe("ann-2");
  const keys: string[] = [];
  for await (const { key } of store.list?.() ?? []) keys.push(key);
  expect(keys.filter((key) => key.includes("ann"))).toHaveLength(2);
  expect(keys).toHaveLength(3);
});

it("a sign-in counts even if its caller has aborted: no token of the previous user is served any more", async () => {
  const arrived = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  let account = "ann";
  const create = ({ clock }: SourceContext) => ({
    account: async () => account,
    async authenticate() {
      arrived.resolve();
      await left.promise;
      account = "bob";
      return { authority: "a", homeAccountId: account, clientId: "app", tenantId: "t", username: account };
    },
    getToken: async (): Promise<IssuedToken> => ({
      token: `of-${account}`,
      account,
      expiresOnTimestamp: clock.now() + 3_600_000,
      tokenType: "Bearer",
    }),
  });
  await using identity = setUp([], {}, { create: (_, context) => create(context) });
  const person = identity.credential("person");
  expect((await person.getToken(scope)).token).toBe("of-ann");
  const controller = new AbortController();
  const ended = person.authenticate(scope, { abortSignal: controller.signal });
  await arrived.promise;
  controller.abort();
  await expect(ended).rejects.toMatchObject({ outcome: "cancelled" });
  expect((await person.getToken(scope)).token).toBe("of-ann");
  left.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect((await person.getToken(scope)).token).toBe("of-bob");
});

it("no token of the previous user is served while a store still writes the first token of the next one", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const writing = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow = definePlugin({
    name: "plugin-store",
    services: [
      defineTokenStore({
        name: "slow",
        create: () => ({
          ...store,
          async set(...entry: Parameters<typeof store.set>) {
            if (entry[0].includes("bob")) {
              writing.resolve();
              await written.promise;
            }
            return store.set(...entry);
          },
        }),
      }),
    ],
  });
  let account = "ann";
  const create = () => ({
    account: async () => account,
    getToken: async (): Promise<IssuedToken> => ({
      token: `of-${account}`,
      account,
      expiresOnTimestamp: clock.now() + 3_600_000,
      tokenType: "Bearer",
    }),
  });
  const options = { ...enabled, plugins: [slow], cache: { store: "slow" } };
  await using identity = setUp([], options, { create }, clock);
  const person = identity.credential("person");
  expect((await person.getToken(scope)).token).toBe("of-ann");
  account = "bob";
  const other = person.getToken("https://other.example/.default");
  await writing.promise;
  const same = person.getToken(scope);
  written.resolve();
  expect((await other).token).toBe("of-bob");
  expect((await same).token).toBe("of-bob");
});

it("no sign-in starts for a request that the source does not support", async () => {
  await using identity = setUp(["ann"]);
  const proofOfPossessionOptions = {
    nonce: "n",
    resourceRequestMethod: "GET",
    resourceRequestUrl: "https://a.example/",
  };
  await expect(identity.credential("person").authenticate(scope, { proofOfPossessionOptions })).rejects.toMatchObject({
    code: "proof-of-possession-unsupported",
  });
});

it("a call that starts or ends after a sign-in gets a token of the new user, whatever happens in between", async () => {
  const step = fc.constantFrom("sign in", "ask", "ask for other", "ask with CAE", "ask with claims", "pass");
  const options = {
    ask: {},
    "ask for other": {},
    "ask with CAE": { enableCae: true },
    "ask with claims": { claims: '{"access_token":{}}' },
  } as const;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 12 }), async (scheduler, steps) => {
      let signedIn = 0; // the number of the last sign-in that its caller knows of
      let account: number | undefined;
      let people = 0;
      const clock = createFakeClock();
      const plugin = definePlugin({
        name: "plugin-person",
        sources: [
          defineSource({
            name: "person",
            kind: "interactive",
            tenantPolicy: "fixed",
            subject: () => "app",
            create: () => ({
              account: async () => account?.toString(),
              async authenticate() {
                const person = ++people;
                await scheduler.schedule(Promise.resolve());
                account = person;
                return { authority: "a", homeAccountId: `${person}`, clientId: "app", tenantId: "t", username: "u" };
              },
              async getToken(): Promise<IssuedToken> {
                const mine = account ?? 0;
                account = mine;
                await scheduler.schedule(Promise.resolve());
                const expiresOnTimestamp = clock.now() + 3_600_000;
                return { token: `${mine}`, account: `${mine}`, expiresOnTimestamp, tokenType: "Bearer" };
              },
            }),
          }),
        ],
      });
      await using identity = createIdentity({ config: false, plugins: [plugin] }, { env: {}, clock, random: () => 0 });
      await identity.ready();
      const person = identity.credential("person");
      let running = Promise.resolve(); // one question at a time, as every source of users has it
      const work = steps.map((one) => {
        if (one === "pass") return clock.advance(3_500_000);
        if (one === "sign in") {
          running = running.then(async () => {
            const { homeAccountId } = await person.authenticate(scope);
            signedIn = Number(homeAccountId);
          });
          return running;
        }
        return person.getToken(one === "ask for other" ? "other" : scope, options[one]).then(({ token }) => {
          expect(Number(token)).toBeGreaterThanOrEqual(signedIn);
        });
      });
      await scheduler.waitFor(Promise.all(work));
      if (people > 0) expect((await scheduler.waitFor(person.getToken(scope))).token).toBe(`${signedIn}`);
    }),
    { numRuns: 300 },
  );
});
