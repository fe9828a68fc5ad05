import { expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { GetTokenOptions, TokenCredentialLike, TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { passedOn } from "../errors/passed-on.ts";
import { normalizeRequest } from "../token/request.ts";
import { foreignSource } from "./token-credential-source.ts";

const token = { token: "t", expiresOnTimestamp: 5, refreshAfterTimestamp: 4 };

async function ask(credential: TokenCredentialLike, options: GetTokenOptions = {}) {
  const { signal } = new AbortController();
  const own = { original: undefined, refusedToken: undefined, background: false, signal };
  const request: TokenRequest = { ...normalizeRequest(["b/x", "a/x"], options), ...own };
  const made = await foreignSource(credential).create({}, {} as SourceContext);
  return { request, issued: await made.getToken(request) };
}
const failing = (error: unknown): TokenCredentialLike => ({ getToken: () => Promise.reject(error) });
const named = (name: string, message = "no") => Object.assign(new Error(message), { name });

it("a request without the words of a caller is made in the terms of the Azure SDKs", async () => {
  const calls: unknown[] = [];
  const proofOfPossessionOptions = { nonce: "n", resourceRequestMethod: "GET", resourceRequestUrl: "https://x" };
  const options = { claims: "{}", enableCae: true, tenantId: "t", proofOfPossessionOptions };
  const credential: TokenCredentialLike = {
    async getToken(...args) {
      calls.push(args);
      return token;
    },
  };
  const { request } = await ask(credential, options);
  expect(calls).toEqual([[["a/x", "b/x"], { ...options, abortSignal: request.signal }]]);
});

it.each([
  [undefined, "Bearer"],
  ["Bearer", "Bearer"],
  ["pop", "pop"],
])("the token type %s is read as %s, and the times are kept", async (tokenType, expected) => {
  const { issued } = await ask({ getToken: async () => ({ ...token, tokenType }) });
  expect(issued).toEqual({ ...token, tokenType: expected });
});

it.each([null, undefined])("%s counts as unavailable", async (nothing) => {
  const asked = ask({ getToken: async () => nothing as null });
  await expect(asked).rejects.toMatchObject({ outcome: "not-configured", name: "CredentialUnavailableError" });
});

it.each([
  ["CredentialUnavailableError", "not-configured"],
  ["AuthenticationRequiredError", "interaction-required"],
  ["AuthenticationError", "rejected"],
  ["AbortError", "cancelled"],
])("an %s of the Azure SDKs has the outcome %s", async (name, outcome) => {
  const cause = named(name, "client_secret=c4n4ry");
  const asked = ask(failing(cause));
  await expect(asked).rejects.toMatchObject({ outcome, cause: { name } });
  await expect(asked).rejects.not.toThrow(/c4n4ry/);
});

it("an error of azidentity keeps what a chain decides by, and is not changed itself", async () => {
  const error = Object.freeze(outcomeError("throttled", "Later.", { retryAfterMs: 5, remedy: "Wait." }));
  const own = await ask(failing(error)).catch((caught: unknown) => caught);
  expect(own).not.toBe(error);
  expect(own).toMatchObject({ outcome: "throttled", message: "Later. Wait.", remedy: "Wait.", retryAfterMs: 5 });
  expect(passedOn(own)).toBe(error);
});

it.each(["text", undefined, null, 5, { message: "not an error" }])(
  "what is thrown without being an error is described: %j",
  async (thrown) => {
    const own = await ask(failing(thrown)).catch((caught: unknown) => caught);
    expect(own).toMatchObject({ outcome: "failed", message: expect.stringContaining("is not an error") });
    expect(passedOn(own)).toBe(own);
  },
);

it("a credential of another library is named after its class, or generically without one", () => {
  class AzureCliCredential {
    getToken = async () => token;
  }
  expect(foreignSource(new AzureCliCredential()).name).toBe("AzureCliCredential");
  expect(foreignSource({ getToken: async () => token }).name).toBe("token-credential");
  const bare: TokenCredentialLike = Object.assign(Object.create(null), { getToken: async () => token });
  expect(foreignSource(bare).name).toBe("token-credential");
});

it("a function with getToken is named after itself", () => {
  const getToken = async () => token;
  expect(foreignSource(Object.assign(function ownToken() {}, { getToken })).name).toBe("ownToken");
  expect(foreignSource(Object.assign(() => {}, { getToken })).name).toBe("token-credential");
});

it.each<[string, () => unknown]>([
  ["cannot be read", () => expect.fail("c4n4ry")],
  [
    "has a name that cannot be read",
    () => ({
      get name() {
        return expect.fail("c4n4ry");
      },
    }),
  ],
  ["has a name with a line break", () => ({ name: "Own\nCredential" })],
  ["has a name that is no text", () => ({ name: null })],
  ["has an endless name", () => ({ name: "A".repeat(10_000) })],
])("a credential whose constructor %s works, under a general name", async (_, get) => {
  const credential: TokenCredentialLike = Object.defineProperty({ getToken: async () => token }, "constructor", {
    get,
  });
  expect(foreignSource(credential).name).toBe("token-credential");
  expect((await ask(credential)).issued).toMatchObject(token);
});
