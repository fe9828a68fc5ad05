import { createIdentity, type GetTokenOptions, type TokenCredentialLike } from "@azidentity/core";
import { createFakeClock, createMemoryStore } from "@azidentity/core/testing";
import { describe, expect, it, vi } from "vitest";
import { defineTokenStore } from "../src/store/define-token-store.ts";

const clock = createFakeClock();
const hour = 3_600_000;
const token = { token: "theirs", expiresOnTimestamp: clock.now() + hour };

function chainOf(...credentials: TokenCredentialLike[]) {
  return createIdentity({ config: false, plugins: [] }, { clock, env: {} }).chain(credentials);
}
const throwing = (error: unknown): TokenCredentialLike => ({ getToken: () => Promise.reject(error) });
const named = (name: string, message = "said so") => Object.assign(new Error(message), { name });
const unavailable = () => named("CredentialUnavailableError");
const errorOf = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

it("a function that has getToken is a credential, alone and with a subject", async () => {
  const credential = Object.assign(() => 1, { getToken: async () => token });
  expect(await chainOf(credential).getToken("a/x")).toMatchObject({ token: "theirs" });
  const identity = createIdentity({ config: false, plugins: [], chain: [{ credential, subject: "s" }] }, { env: {} });
  expect(await identity.getToken("a/x")).toMatchObject({ token: "theirs" });
});

describe("the call", () => {
  const recorded = () => {
    const getToken = vi.fn<TokenCredentialLike["getToken"]>(async () => token);
    return { getToken, chain: chainOf({ getToken }) };
  };

  it.each([
    ["https://vault.azure.net//.default"],
    ["api://app b/x a/x"],
    [["b/x", "a/x"]],
    [["https://vault.azure.net"]],
    [["b/x", "b/x"]],
  ])("a credential of another library gets the scopes in the caller's words and order: %j", async (scopes) => {
    const { getToken, chain } = recorded();
    await chain.getToken(scopes);
    expect(getToken.mock.calls).toEqual([[scopes, { abortSignal: expect.any(AbortSignal) }]]);
  });

  it("a credential of another library gets every option of the caller, known or not", async () => {
    const tracingContext = { getValue: () => undefined };
    const options: GetTokenOptions = {
      claims: '{ "access_token": {} }',
      enableCae: true,
      tenantId: "CONTOSO.com",
      requestOptions: { timeout: 5_000 },
      tracingOptions: { tracingContext },
      ...{ color: "blue", nothing: undefined },
    };
    const { getToken, chain } = recorded();
    await chain.getToken("a/x", options);
    const [[, given]] = getToken.mock.calls as [[unknown, GetTokenOptions]];
    expect(given).toStrictEqual({ ...options, abortSignal: expect.any(AbortSignal) });
    expect(given.tracingOptions?.tracingContext).toBe(tracingContext);
  });

  it("a credential of another library cannot change the objects of the caller, nor the caller its own", async () => {
    const scopes = ["b/x", "a/x"];
    const options = { requestOptions: { timeout: 5_000 }, enableCae: true };
    const getToken = vi.fn(async (given: string | string[], asked: GetTokenOptions = {}) => {
      (given as string[]).push("c/x");
      Object.assign(asked, { enableCae: false });
      return token;
    });
    const asked = chainOf({ getToken }).getToken(scopes, options);
    options.requestOptions.timeout = 1;
    await asked;
    expect(getToken.mock.calls[0]?.[1]?.requestOptions).toEqual({ timeout: 5_000 });
    expect(scopes).toEqual(["b/x", "a/x"]);
    expect(options.enableCae).toBe(true);
  });

  it("the caller's abort ends the wait, and the signal that the credential got", async () => {
    const caller = new AbortController();
    const signals: (GetTokenOptions["abortSignal"] | undefined)[] = [];
    const chain = chainOf({
      getToken(_, options) {
        signals.push(options?.abortSignal);
        caller.abort();
        return new Promise(() => undefined);
      },
    });
    expect(await errorOf(chain.getToken("a/x", { abortSignal: caller.signal }))).toMatchObject({ code: "cancelled" });
    expect(signals[0]?.aborted).toBe(true);
  });
});

describe("errors", () => {
  it.each([
    ["an error of the Azure SDKs that means unavailable", unavailable()],
    ["one that means a sign-in", named("AuthenticationRequiredError")],
    ["a refusal", named("AuthenticationError")],
    ["an abort", named("AbortError")],
    ["an error of another library", Object.assign(named("RestError"), { statusCode: 403 })],
    ["an error without a name", Object.assign(Object.create(null), { message: "x", [Symbol.toStringTag]: "Error" })],
    ["a frozen error", Object.freeze(unavailable())],
    ["a sealed error with a long message", Object.seal(new Error("x".repeat(100_000)))],
  ])("the caller of a chain of one gets its error itself: %s", async (_, error) => {
    expect(await errorOf(chainOf(throwing(error)).getToken("a/x"))).toBe(error);
  });

  it("an error whose getters throw reaches the caller as it is", async () => {
    const trapped = Object.defineProperties(new Error(), {
      name: { get: () => expect.unreachable() },
      message: { get: () => expect.unreachable() },
    });
    const closed = new Proxy(new Error("x"), {
      get() {
        throw new TypeError("no");
      },
    });
    expect(await errorOf(chainOf(throwing(trapped)).getToken("a/x"))).toBe(trapped);
    const isTheirs = chainOf(throwing(closed))
      .getToken("a/x")
      .then(
        () => false,
        (error) => error === closed,
      );
    expect(await isTheirs).toBe(true);
  });

  it.each(["text", undefined, null, 5, {}])("what is not an error becomes one of azidentity: %j", async (thrown) => {
    const error = await errorOf(chainOf(throwing(thrown)).getToken("a/x"));
    expect(error).toMatchObject({ name: "AuthenticationError", code: "failed" });
  });

  it("an error that is thrown at once, or by the getter of a token, is like one of the promise", async () => {
    const error = named("AuthenticationError");
    const raise = () => {
      throw error;
    };
    expect(await errorOf(chainOf({ getToken: raise }).getToken("a/x"))).toBe(error);
    const getToken = async () => Object.defineProperty({ ...token }, "token", { get: raise });
    expect(await errorOf(chainOf({ getToken }).getToken("a/x"))).toBe(error);
  });

  it("errors after which a chain of several went on are the members of `errors`", async () => {
    const theirs = [unavailable(), unavailable()];
    const error = await errorOf(chainOf(...theirs.map(throwing)).getToken("a/x"));
    expect(error).toMatchObject({ code: "no-credential-available", message: expect.stringContaining("said so") });
    const { errors } = error as { readonly errors: readonly unknown[] };
    expect(errors).toHaveLength(2);
    expect([errors[0] === theirs[0], errors[1] === theirs[1]]).toEqual([true, true]);
  });

  it("the error that stops a chain of several is the caller's, and `explain.last` says what was not tried", async () => {
    const error = named("AuthenticationError");
    const after = vi.fn(async () => token);
    const chain = chainOf(throwing(unavailable()), throwing(error), { getToken: after });
    expect(await errorOf(chain.getToken("a/x"))).toBe(error);
    expect(after).not.toHaveBeenCalled();
    expect(chain.explain.last?.attempts.map(({ outcome }) => outcome)).toEqual(["not-configured", "rejected"]);
  });

  it("the error of an elected credential is the caller's, also later and for callers who wait together", async () => {
    let error: Error | undefined;
    const chain = chainOf(throwing(unavailable()), {
      getToken: async () => (error === undefined ? { ...token, expiresOnTimestamp: 0 } : Promise.reject(error)),
    });
    await chain.getToken("a/x");
    error = named("AuthenticationError");
    const options = { enableCae: true };
    const failed = await Promise.all([1, 2, 3].map(() => errorOf(chain.getToken("a/x", options))));
    expect(failed.every((one) => one === error)).toBe(true);
  });

  it("nothing is written to an error of another library", async () => {
    const error = unavailable();
    const before = Reflect.ownKeys(error);
    await errorOf(chainOf(throwing(error)).getToken("a/x"));
    expect(Reflect.ownKeys(error)).toEqual(before);
    expect(error.message).toBe("said so");
  });

  it("the error of an identity that is in a chain is that identity's", async () => {
    const inner = chainOf(throwing("text"));
    const error = await errorOf(chainOf(inner).getToken("a/x"));
    expect(error).toMatchObject({ code: "failed" });
    const { message } = error as Error;
    expect(message.match(/failed:/g)).toHaveLength(1);
  });
});

describe("tokens", () => {
  it.each([
    ["0", { token: "theirs", expiresOnTimestamp: 0 }],
    ["NaN", { token: "theirs", expiresOnTimestamp: Number.NaN }],
    ["infinity", { token: "theirs", expiresOnTimestamp: Number.POSITIVE_INFINITY }],
    ["absent", { token: "theirs" }],
    ["a text", { token: "theirs", expiresOnTimestamp: "2099-01-01" }],
    ["a date", { token: "theirs", expiresOnTimestamp: new Date(2099, 1) }],
    ["in seconds", { token: "theirs", expiresOnTimestamp: (clock.now() + hour) / 1_000 }],
    ["past", { token: "theirs", expiresOnTimestamp: clock.now() }],
  ])("a token whose expiry is %s is handed through, and not kept", async (_, odd) => {
    const getToken = vi.fn(async () => odd as typeof token);
    const memory = createMemoryStore(clock);
    const provider = defineTokenStore({ name: "memory", create: () => memory });
    const plugin = { name: "p", contract: 1, services: [provider] } as const;
    const identity = createIdentity(
      { config: false, plugins: [plugin], cache: { store: "memory" } },
      { clock, env: {} },
    );
    const chain = identity.chain([{ credential: { getToken }, subject: "s" }]);
    for (const _time of [1, 2])
      expect({ ...(await chain.getToken("a/x")) }).toMatchObject({ ...odd, tokenType: "Bearer" });
    expect(getToken).toHaveBeenCalledTimes(2);
    for await (const { key } of memory.list?.() ?? []) expect(key).toBe("nothing is stored");
  });

  it.each(["", "two words", "zwölf"])("the text of a token of a test double is handed through: %j", async (text) => {
    expect((await chainOf({ getToken: async () => ({ ...token, token: text }) }).getToken("a/x")).token).toBe(text);
  });

  it.each([[{}], [{ token: undefined }], [{ token: 5 }]])("what has no text is refused: %j", async (odd) => {
    const error = await errorOf(chainOf({ getToken: async () => odd as typeof token }).getToken("a/x"));
    expect(error).toMatchObject({ code: "invalid-token" });
  });

  it("null, a promise-like and a token of a class are what they say", async () => {
    class Theirs {
      get token() {
        return "of a class";
      }
      expiresOnTimestamp = clock.now() + hour;
    }
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    const thenable = { then: (resolve: (value: typeof token) => void) => resolve(token) } as Promise<typeof token>;
    const chain = chainOf({ getToken: async () => null }, { getToken: () => thenable });
    expect((await chain.getToken("a/x")).token).toBe("theirs");
    expect((await chainOf({ getToken: async () => new Theirs() }).getToken("a/x")).token).toBe("of a class");
    expect(await errorOf(chainOf({ getToken: async () => null }).getToken("a/x"))).toMatchObject({
      code: "not-configured",
    });
  });

  it("a token that its credential changes later stays what it was", async () => {
    const given = { ...token };
    const chain = chainOf({ getToken: async () => given });
    await chain.getToken("a/x");
    Object.assign(given, { token: "changed", expiresOnTimestamp: 0 });
    expect((await chain.getToken("a/x")).token).toBe("theirs");
  });

  it("a bearer token is refused where a token bound to a request was requested", async () => {
    const proofOfPossessionOptions = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://x" };
    const asked = chainOf({ getToken: async () => token }).getToken("a/x", { proofOfPossessionOptions });
    expect(await errorOf(asked)).toMatchObject({ code: "invalid-token" });
  });
});
