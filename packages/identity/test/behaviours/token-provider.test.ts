import { expect } from "vitest";
import { compare } from "./compare.ts";
import { app, contoso, otherScope, scope, secret } from "./directory.ts";
import { failure } from "./failure.ts";
import { requestCount } from "./wire.ts";

/** A credential of another library whose tokens are numbered. */
function numbered(expiresOnTimestamp: () => number) {
  const calls: unknown[][] = [];
  return {
    calls,
    async getToken(...args: unknown[]) {
      calls.push(args);
      return { token: `token-${calls.length}`, expiresOnTimestamp: expiresOnTimestamp() };
    },
  };
}
const later = () => Date.now() + 3_600_000;

compare("getBearerTokenProvider", [
  {
    behaviour: "A token provider returns the text of a token",
    async run({ identity }) {
      const provider = identity.getBearerTokenProvider(numbered(later), scope);
      return [typeof provider, await provider()];
    },
    expected: ["function", "token-1"],
  },
  {
    behaviour: "A token provider calls its credential once while the token is valid",
    async run({ identity }) {
      const credential = numbered(later);
      const provider = identity.getBearerTokenProvider(credential, scope);
      return [await provider(), await provider(), credential.calls.length];
    },
    expected: ["token-1", "token-1", 1],
  },
  {
    behaviour: "A token provider calls its credential again when the token has expired",
    async run({ identity }) {
      const credential = numbered(() => Date.now() - 1);
      const provider = identity.getBearerTokenProvider(credential, scope);
      return [await provider(), await provider()];
    },
    expected: ["token-1", "token-2"],
  },
  {
    behaviour: "A token provider hands its scopes on",
    async run({ identity }) {
      const [one, two] = [numbered(later), numbered(later)];
      await identity.getBearerTokenProvider(one, scope)();
      await identity.getBearerTokenProvider(two, [scope, otherScope])();
      return [one.calls[0]?.[0], two.calls[0]?.[0]].map((scopes) => [scopes].flat());
    },
    expected: [[scope], [scope, otherScope]],
  },
  {
    behaviour: "A token provider asks for continuous access evaluation",
    async run({ identity }) {
      const credential = numbered(later);
      await identity.getBearerTokenProvider(credential, scope)();
      return credential.calls[0]?.[1];
    },
    expected: expect.objectContaining({ enableCae: true }),
  },
  {
    behaviour: "A token provider hands its signal on",
    async run({ identity }) {
      const credential = numbered(later);
      const { signal } = new AbortController();
      await identity.getBearerTokenProvider(credential, scope, { abortSignal: signal })();
      return (credential.calls[0]?.[1] as { abortSignal?: unknown } | undefined)?.abortSignal === signal;
    },
    expected: true,
  },
  {
    behaviour: "A token provider passes the error of its credential through",
    async run({ identity, failure }) {
      const error = new identity.CredentialUnavailableError("not here");
      const credential = { getToken: () => Promise.reject(error) };
      return failure(() => identity.getBearerTokenProvider(credential, scope)());
    },
    expected: failure("CredentialUnavailableError", "not here"),
  },
  {
    behaviour: "A token provider of a credential without token is an error",
    async run({ identity, failure }) {
      const credential = { getToken: async () => null };
      const result = await failure(() => identity.getBearerTokenProvider(credential, scope)());
      return typeof result === "object" && /Error$/.test(result.name);
    },
    expected: true,
  },
  {
    behaviour: "Two calls of a token provider at once are one call of its credential",
    async run({ identity }) {
      const credential = numbered(later);
      const provider = identity.getBearerTokenProvider(credential, scope);
      return [await Promise.all([provider(), provider()]), credential.calls.length];
    },
    expected: [["token-1", "token-1"], 1],
  },
  {
    behaviour: "A token provider of a real credential needs one request",
    async run({ identity, create, entra, emulator }) {
      const credential = create("ClientSecretCredential", contoso, app.clientId, secret, entra);
      const provider = identity.getBearerTokenProvider(credential, scope);
      const texts = [await provider(), await provider()];
      return [texts[0] === texts[1], requestCount(emulator)];
    },
    expected: [true, 1],
  },
]);
