import { describe, expect, it } from "vitest";
import { contractFailures } from "../../test/contract-failures.ts";
import type { SourceContext } from "../contract/context.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { defineOptions, defineSource } from "../options/define-options.ts";
import { createFakeHttp } from "./fake-http.ts";
import { testCredentialSource } from "./source-contract.ts";

interface Options {
  readonly key: string;
}

async function requestToken({ key }: Options, { http, clock }: SourceContext, { signal }: TokenRequest) {
  const response = await http.send({ method: "POST", url: "https://example.test", body: key }, signal);
  if (!response.body.startsWith("T")) throw outcomeError("failed", "The answer makes no sense.");
  const token: IssuedToken = {
    token: response.body,
    expiresOnTimestamp: clock.now() + 3_600_000,
    refreshAfterTimestamp: clock.now() + 1_800_000,
    tokenType: "Bearer",
  };
  return token;
}

const good = defineSource({
  name: "good",
  kind: "deployed",
  tenantPolicy: "fixed",
  options: defineOptions({ key: { type: "string", required: true, secret: true } }),
  detect: () => ({ state: "ready", reason: "Always." }),
  subject: () => "good",
  create: (options, context) => ({ getToken: (request) => requestToken(options, context, request) }),
});

const underTest = { options: { key: "canary-key" }, working: () => ({ http: createFakeHttp({ body: "T" }) }) };

describe("a source that keeps the contract", () => {
  testCredentialSource({ it }, { source: good, ...underTest });
});

it("without a working system, the tests that need a token are left out, and the others hold", async () => {
  const names: string[] = [];
  const note = { it: (name: string) => names.push(name) };
  testCredentialSource(note, { source: good, options: { key: "canary-key" } });
  expect(names).toContain(malformed);
  expect(names).not.toContain(times);
  const register = (runner: Parameters<typeof testCredentialSource>[0]) =>
    testCredentialSource(runner, { source: good, options: { key: "canary-key" } });
  expect(await contractFailures(register)).toEqual([]);
});

/** The good source with another way to get its token. */
const withToken = (getToken: typeof requestToken) => ({
  create: (options: Options, context: SourceContext) => ({
    getToken: (request: TokenRequest) => getToken(options, context, request),
  }),
});

/** The good source with other fields in its token. */
const withFields = (change: (token: IssuedToken, now: number) => Partial<IssuedToken>) =>
  withToken(async (options, context, request) => {
    const token = await requestToken(options, context, request);
    return { ...token, ...change(token, context.clock.now()) };
  });

const never = new AbortController().signal;
const times = "returns times in milliseconds since 1970";
const withoutAnswer = "fails with an outcome and without a secret when there is no answer";
const malformed = "fails with an outcome and without a secret when the answer is malformed";

/** Sources with one defect each, and the rules that they break. */
const mutants: Readonly<Record<string, { readonly change: object; readonly rules: readonly string[] }>> = {
  "has a bad name": { change: { name: "Not Kebab" }, rules: ["has a kebab-case name, a kind and a rule for tenants"] },
  "accepts any option": {
    change: {
      options: { ...good.options, "~standard": { ...good.options?.["~standard"], validate: () => ({ value: {} }) } },
    },
    rules: ["accepts its own options, refuses unknown ones, and describes them for editors"],
  },
  "names its secret as subject": {
    change: { subject: ({ key }: Options) => key },
    rules: ["has a subject that is stable, not empty and without secrets, or none"],
  },
  "calls the network in detect": {
    change: {
      detect(_: unknown, { http }: SourceContext) {
        http.send({ method: "GET", url: "https://example.test" }, never).catch(() => {});
        return { state: "ready", reason: "A host may answer." };
      },
    },
    rules: ["detects without network and programs, and gives a reason"],
  },
  "has another account state each time": {
    change: { accountState: () => String(Math.random()) },
    rules: ["returns the same account state twice, if it has one"],
  },
  "returns an expired token": {
    change: withFields((_, now) => ({ expiresOnTimestamp: now, refreshAfterTimestamp: undefined })),
    rules: ["returns a token that has not expired", times],
  },
  "returns its expiry in seconds": {
    change: withFields(({ expiresOnTimestamp }) => ({ expiresOnTimestamp: expiresOnTimestamp / 1_000 })),
    rules: ["returns a token that has not expired", times],
  },
  "adds a lifetime in seconds to the time in milliseconds": {
    change: withFields((_, now) => ({ expiresOnTimestamp: now + 86_400, refreshAfterTimestamp: undefined })),
    rules: [times],
  },
  "multiplies milliseconds by a thousand": {
    change: withFields(({ expiresOnTimestamp }) => ({ expiresOnTimestamp: expiresOnTimestamp * 1_000 })),
    rules: [times],
  },
  "returns its time of refresh in seconds": {
    change: withFields((_, now) => ({ refreshAfterTimestamp: now / 1_000 + 1_800 })),
    rules: [times],
  },
  "keeps its token": {
    change: {
      create(options: Options, context: SourceContext) {
        let kept: Promise<IssuedToken> | undefined;
        return { getToken: (request: TokenRequest) => (kept ??= requestToken(options, context, request)) };
      },
    },
    rules: ["keeps no tokens of its own: each call requests a new one"],
  },
  "rejects with an error without an outcome": {
    change: withToken(async (options, context, request) => {
      try {
        return await requestToken(options, context, request);
      } catch {
        throw new TypeError("odd");
      }
    }),
    rules: [withoutAnswer, malformed],
  },
  "shows its secret in an error": {
    change: withToken(async (options, context, request) => {
      try {
        return await requestToken(options, context, request);
      } catch {
        throw outcomeError("failed", `It failed with ${options.key}.`);
      }
    }),
    rules: [withoutAnswer, malformed],
  },
  "takes an error page for a token": {
    change: withToken(async ({ key }, { http, clock }, { signal }) => {
      const { body } = await http.send({ method: "POST", url: "https://example.test", body: key }, signal);
      return { token: body, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
    }),
    rules: [malformed],
  },
  "does not pass its signal on": {
    change: withToken((options, context, request) => requestToken(options, context, { ...request, signal: never })),
    rules: ["rejects when the signal has ended already", "rejects at once when its signal ends"],
  },
};

it.each(Object.entries(mutants))("the contract of sources refuses a source that %s", async (_, { change, rules }) => {
  const source = { ...good, ...change } as never;
  expect(await contractFailures((runner) => testCredentialSource(runner, { source, ...underTest }))).toEqual(rules);
});
