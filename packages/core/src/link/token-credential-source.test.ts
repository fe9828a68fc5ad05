import { expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { GetTokenOptions, TokenCredentialLike, TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { normalizeRequest } from "../token/request.ts";
import { foreignSource } from "./token-credential-source.ts";

const token = { token: "t", expiresOnTimestamp: 5, refreshAfterTimestamp: 4 };

async function ask(credential: TokenCredentialLike, options: GetTokenOptions = {}) {
  const { signal } = new AbortController();
  const own = { refusedToken: undefined, background: false, signal };
  const request: TokenRequest = { ...normalizeRequest(["b/x", "a/x"], options), ...own };
  const made = await foreignSource(credential).create({}, {} as SourceContext);
  return { request, issued: await made.getToken(request) };
}
const failing = (error: unknown): TokenCredentialLike => ({ getToken: () => Promise.reject(error) });
const named = (name: string, message = "no") => Object.assign(new Error(message), { name });

it("hands on what was asked for, in the Azure SDKs' words", async () => {
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
])("takes the token type %s for %s, and keeps the times", async (tokenType, expected) => {
  const { issued } = await ask({ getToken: async () => ({ ...token, tokenType }) });
  expect(issued).toEqual({ ...token, tokenType: expected });
});

it.each([null, undefined])("takes %s for a source that has nothing to say", async (nothing) => {
  const asked = ask({ getToken: async () => nothing as null });
  await expect(asked).rejects.toMatchObject({ outcome: "not-configured", name: "CredentialUnavailableError" });
});

it.each([
  ["CredentialUnavailableError", "not-configured"],
  ["AuthenticationRequiredError", "interaction-required"],
  ["AuthenticationError", "rejected"],
  ["AbortError", "cancelled"],
])("understands an %s of the Azure SDKs as %s", async (name, outcome) => {
  const cause = named(name, "client_secret=c4n4ry");
  const asked = ask(failing(cause));
  await expect(asked).rejects.toMatchObject({ outcome, cause: { name } });
  await expect(asked).rejects.not.toThrow(/c4n4ry/);
});

it("leaves our own errors and strange ones as they are", async () => {
  for (const error of [outcomeError("throttled", "Later."), named("RestError"), "text"]) {
    await expect(ask(failing(error))).rejects.toBe(error);
  }
});

it("is called by its class, and by what it is when it has none", () => {
  class AzureCliCredential {
    getToken = async () => token;
  }
  expect(foreignSource(new AzureCliCredential()).name).toBe("AzureCliCredential");
  expect(foreignSource({ getToken: async () => token }).name).toBe("token-credential");
  const bare: TokenCredentialLike = Object.assign(Object.create(null), { getToken: async () => token });
  expect(foreignSource(bare).name).toBe("token-credential");
});
