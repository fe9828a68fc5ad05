import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope, secret } from "./directory.ts";
import { errorOf, failure } from "./failure.ts";
import type { World } from "./world.ts";

const token = { token: "a-token", expiresOnTimestamp: 4_000_000_000_000 };
type TokenFunction = (scopes: unknown, options?: Readonly<Record<string, unknown>>) => unknown;

/** A credential of another library, and how often it was called. */
function foreign(answer: TokenFunction) {
  const calls: unknown[][] = [];
  return {
    calls,
    async getToken(scopes: unknown, options?: Readonly<Record<string, unknown>>) {
      calls.push([scopes, options]);
      return answer(scopes, options);
    },
  };
}
const gives = (value: unknown) => foreign(() => value);
const throws = (error: unknown) =>
  foreign(() => {
    throw error;
  });
const chain = ({ create }: World, ...members: readonly unknown[]) => create("ChainedTokenCredential", ...members);
const unavailable = ({ identity }: World, message = "not here") => new identity.CredentialUnavailableError(message);
const required = ({ identity }: World) =>
  new identity.AuthenticationRequiredError({ scopes: [scope], message: "sign in" });

/** What a chain does after an error of its first credential. */
const after = (what: string, make: (world: World) => unknown, goesOn: boolean): Row => ({
  behaviour: `ChainedTokenCredential ${goesOn ? "goes on after" : "ends with"} ${what}`,
  async run(world) {
    const error = make(world);
    const [first, second] = [throws(error), gives(token)];
    const result = await chain(world, first, second)
      .getToken(scope)
      .then(
        ({ token }) => token,
        (reason: unknown) => (reason === error ? "the same error" : reason),
      );
    return { result, calls: [first.calls.length, second.calls.length] };
  },
  expected: goesOn ? { result: "a-token", calls: [1, 1] } : { result: "the same error", calls: [1, 0] },
});

const named = (name: string) => Object.assign(new Error("by name"), { name });

compare("ChainedTokenCredential", [
  after("a CredentialUnavailableError", unavailable, true),
  after("an AuthenticationRequiredError", required, true),
  after("a foreign error named CredentialUnavailableError", () => named("CredentialUnavailableError"), true),
  after("a foreign error named AuthenticationRequiredError", () => named("AuthenticationRequiredError"), true),
  after("an AuthenticationError", ({ identity }) => new identity.AuthenticationError(400, "no"), false),
  after("an Error", () => new Error("broken"), false),
  after("a TypeError", () => new TypeError("broken"), false),
  after("an AbortError", () => named("AbortError"), false),
  after("an AggregateAuthenticationError", ({ identity }) => new identity.AggregateAuthenticationError([], "m"), false),
  {
    behaviour: "ChainedTokenCredential returns the first token and asks no further",
    async run(world) {
      const [first, second] = [gives(token), gives({ ...token, token: "another" })];
      const result = await chain(world, first, second).getToken(scope);
      return { result: result.token, calls: second.calls.length };
    },
    expected: { result: "a-token", calls: 0 },
  },
  {
    behaviour: "ChainedTokenCredential goes on after null",
    run: async (world) => (await chain(world, gives(null), gives(token)).getToken(scope)).token,
    expected: "a-token",
  },
  {
    behaviour: "ChainedTokenCredential of nulls alone is unavailable",
    run: (world) => world.failure(() => chain(world, gives(null), gives(null)).getToken(scope)),
    expected: failure("CredentialUnavailableError", "failed to retrieve a valid token"),
  },
  {
    behaviour: "ChainedTokenCredential ends with all errors",
    async run(world) {
      const errors = [unavailable(world, "first"), required(world)];
      const error = (await errorOf(() => chain(world, ...errors.map(throws)).getToken(scope))) as {
        errors: readonly unknown[];
      };
      return {
        same: error.errors.map((each, index) => each === errors[index]),
        result: await world.failure(() => {
          throw error;
        }),
      };
    },
    expected: {
      same: [true, true],
      result: failure(
        "AggregateAuthenticationError",
        "ChainedTokenCredential authentication failed",
        "first",
        "sign in",
      ),
    },
  },
  {
    behaviour: "ChainedTokenCredential ends with the one error of one credential in an aggregate",
    async run(world) {
      const own = unavailable(world);
      const error = (await errorOf(() => chain(world, throws(own)).getToken(scope))) as Record<string, unknown>;
      return [error.name, (error.errors as readonly unknown[])[0] === own];
    },
    expected: ["AggregateAuthenticationError", true],
  },
  {
    behaviour: "ChainedTokenCredential passes the error that ends it through",
    async run(world) {
      const own = new world.identity.AuthenticationError(403, "no");
      return (await errorOf(() => chain(world, throws(unavailable(world)), throws(own)).getToken(scope))) === own;
    },
    expected: true,
  },
  ...[scope, [scope], ["one", "two"], "api://app", []].map(
    (scopes): Row => ({
      behaviour: `ChainedTokenCredential hands ${JSON.stringify(scopes)} on as it is`,
      async run(world) {
        const member = gives(token);
        await chain(world, member).getToken(scopes);
        return member.calls[0]?.[0];
      },
      expected: scopes,
    }),
  ),
  {
    behaviour: "ChainedTokenCredential hands the options on",
    async run(world) {
      const member = gives(token);
      const { signal } = new AbortController();
      await chain(world, member).getToken(scope, {
        tenantId: contoso,
        claims: "{}",
        enableCae: true,
        abortSignal: signal,
        requestOptions: { timeout: 5 },
        own: 1,
      });
      const options = (member.calls[0]?.[1] ?? {}) as Record<string, unknown>;
      const { tenantId, claims, enableCae, abortSignal, requestOptions, own } = options;
      return { tenantId, claims, enableCae, signal: abortSignal === signal, requestOptions, own };
    },
    expected: {
      tenantId: contoso,
      claims: "{}",
      enableCae: true,
      signal: true,
      requestOptions: { timeout: 5 },
      own: 1,
    },
  },
  ...(
    [
      ["an expiry of 0", { token: "a-mock", expiresOnTimestamp: 0 }],
      ["an expiry in the past", { token: "a-mock", expiresOnTimestamp: 1 }],
      ["an expiry in seconds", { token: "a-mock", expiresOnTimestamp: 4_000_000_000 }],
      ["no expiry", { token: "a-mock" }],
      ["further fields", { token: "a-mock", expiresOnTimestamp: 4_000_000_000_000, mine: 1, tokenType: "pop" }],
    ] as const
  ).map(
    ([what, value]): Row => ({
      behaviour: `ChainedTokenCredential hands a foreign token with ${what} through`,
      run: (world) => chain(world, gives(value)).getToken(scope),
      expected: value,
    }),
  ),
  {
    behaviour: "ChainedTokenCredential asks a foreign credential each time",
    async run(world) {
      const member = gives(token);
      const credential = chain(world, member);
      await credential.getToken(scope);
      await credential.getToken(scope);
      return member.calls.length;
    },
    expected: 2,
  },
  {
    behaviour: "ChainedTokenCredential asks from the first one each time",
    async run(world) {
      const first = throws(unavailable(world));
      const credential = chain(world, first, gives(token));
      await credential.getToken(scope);
      await credential.getToken(scope);
      return first.calls.length;
    },
    expected: 2,
    ours: { expected: expect.any(Number), documented: "remembers the credential that had the last token" },
  },
  {
    behaviour: "ChainedTokenCredential has a real credential behind an unavailable one",
    run: async (world) =>
      typeof (
        await chain(
          world,
          world.create("EnvironmentCredential"),
          world.create("ClientSecretCredential", contoso, app.clientId, secret, world.entra),
        ).getToken(scope)
      ).token,
    expected: "string",
  },
  {
    behaviour: "ChainedTokenCredential goes on after a rejected secret",
    run: async (world) =>
      (
        await chain(
          world,
          world.create("ClientSecretCredential", contoso, app.clientId, "wrong", world.entra),
          gives(token),
        ).getToken(scope)
      ).token,
    expected: "a-token",
  },
  {
    behaviour: "ChainedTokenCredential ends with a rejected secret of the environment",
    async run(world) {
      world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_CLIENT_SECRET: "wrong" });
      const second = gives(token);
      const credential = chain(world, world.create("EnvironmentCredential", world.entra), second);
      return { result: await world.failure(() => credential.getToken(scope)), calls: second.calls.length };
    },
    expected: { result: failure("AuthenticationError", "EnvironmentCredential", "AADSTS7000215"), calls: 0 },
  },
  {
    behaviour: "ChainedTokenCredential is a member of another one",
    run: async (world) => (await chain(world, chain(world, gives(null)), gives(token)).getToken(scope)).token,
    expected: "a-token",
  },
  {
    behaviour: "ChainedTokenCredential without credentials has no token",
    run: async (world) => {
      const result = await world.failure(() => chain(world).getToken(scope));
      return typeof result === "object" && /Error$/.test(result.name);
    },
    expected: true,
  },
  {
    behaviour: "A class that extends ChainedTokenCredential can call its getToken",
    async run({ identity }) {
      class Own extends identity.ChainedTokenCredential {
        override async getToken(...args: Parameters<InstanceType<typeof identity.ChainedTokenCredential>["getToken"]>) {
          const { token, ...rest } = await super.getToken(...args);
          return { ...rest, token: `own-${token}` };
        }
      }
      const own = new Own(gives(token) as never);
      return [(await own.getToken(scope)).token, own instanceof Own, own instanceof identity.ChainedTokenCredential];
    },
    expected: ["own-a-token", true, true],
  },
]);
