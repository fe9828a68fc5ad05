import { expect, it } from "vitest";
import { outcomeError } from "../../src/errors/outcome-error.ts";
import { countingSource, failure, hour, jwt, scope, setUp } from "./set-up.ts";

it("a chain accepts names, names with options, and objects with getToken", async () => {
  const { plugin } = countingSource("absent", { detect: () => ({ state: "absent", reason: "Not here." }) });
  const { identity, clock } = setUp({ plugins: [plugin] });
  class TheirCredential {
    getToken = async () => ({ token: "theirs", expiresOnTimestamp: clock.now() + hour });
  }
  const chain = identity.chain(["absent", { source: "absent" }, new TheirCredential()]);
  expect(await chain.getToken(scope)).toMatchObject({ token: "theirs", tokenType: "Bearer" });
  expect(chain.explain.last?.attempts.map((attempt) => attempt.source)).toEqual([
    "absent",
    "absent",
    "TheirCredential",
  ]);
});

it("a chain goes on after a credential of another library that is unavailable, and stops at one that failed", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  const throwing = (name: string) => ({
    getToken: async () => {
      throw Object.assign(new Error("said so"), { name });
    },
  });
  expect((await identity.chain([throwing("CredentialUnavailableError"), "counting"]).getToken(scope)).token).toBe(
    "counting-1",
  );
  const refused = identity.chain([throwing("AuthenticationRequiredError"), "counting"]);
  await expect(refused.getToken(scope)).rejects.toMatchObject({ name: "AuthenticationRequiredError" });
});

it("a chain can have a name in the config", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin], chains: { tools: ["counting"] } });
  expect((await identity.chain("tools").getToken(scope)).token).toBe("counting-1");
  await expect(identity.chain("tolls").getToken(scope)).rejects.toMatchObject({
    code: "unknown-chain",
    remedy: 'Did you mean "tools"?',
  });
});

it("a chain is built on first use, so that an invalid chain does not affect a source that is named", async () => {
  const { plugin } = countingSource("aaa");
  const env = { AZURE_TOKEN_CREDENTIALS: "MissingCredential" };
  const { identity } = setUp({ plugins: [plugin] }, { env });
  expect((await identity.credential("aaa").getToken(scope)).token).toBe("aaa-1");
  const { code } = await failure(identity.getToken(scope));
  expect((await failure(identity.ready())).code).toBe(code);
  expect(code).toBe("unknown-token-credentials");
});

it("a chain follows AZURE_TOKEN_CREDENTIALS, unless the project wrote a chain", async () => {
  const [a, b] = [countingSource("aaa"), countingSource("bbb")];
  const plugins = [a.plugin, b.plugin];
  const env = { AZURE_TOKEN_CREDENTIALS: "BbbCredential" };
  expect((await setUp({ plugins }, { env }).identity.getToken(scope)).token).toBe("bbb-1");
  expect((await setUp({ plugins, chain: ["aaa"] }, { env }).identity.getToken(scope)).token).toBe("aaa-1");
});

it("a chain follows AZIDENTITY_CHAIN before the file, and arguments before that", async () => {
  const [a, b] = [countingSource("aaa"), countingSource("bbb")];
  const plugins = [a.plugin, b.plugin];
  const env = { AZIDENTITY_CHAIN: "bbb, aaa" };
  expect((await setUp({ plugins }, { env }).identity.getToken(scope)).token).toBe("bbb-1");
  expect((await setUp({ plugins, chain: ["aaa"] }, { env }).identity.getToken(scope)).token).toBe("aaa-1");
});

it("a chain does what the policy says where that changes the table", async () => {
  const refusing = countingSource("refusing", {
    create: () => ({
      getToken: async () => {
        throw outcomeError("rejected", "no");
      },
    }),
  });
  const { plugin, requests } = countingSource("zzz");
  const policy = { refusing: { rejected: "stop" } } as const;
  const { identity } = setUp({ plugins: [refusing.plugin, plugin], chain: ["refusing", "zzz"], policy });
  await expect(identity.getToken(scope)).rejects.toMatchObject({ outcome: "rejected" });
  expect(requests).toHaveLength(0);
});

it("explaining a chain never prompts", async () => {
  const { plugin, requests } = countingSource("browser", { kind: "interactive" });
  const walk = await setUp({ plugins: [plugin] }).identity.explain(scope);
  expect(walk.attempts[0]).toMatchObject({ source: "browser", outcome: "interaction-required" });
  expect(requests).toHaveLength(0);
});

const who = { tid: "T1", oid: "O1", appid: "A1" };
const bringing = (token: string) =>
  countingSource("one", {
    create: (_, { clock }) => ({
      getToken: async () => ({ token, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" }),
    }),
  }).plugin;

it("expect accepts the expected principal, regardless of case", async () => {
  const { identity } = setUp({
    plugins: [bringing(jwt(who))],
    expect: { tenantId: "t1", objectId: "o1", clientId: "a1" },
  });
  expect((await identity.getToken(scope)).token).toBe(jwt(who));
});

it.each(["tenantId", "objectId", "clientId"] as const)(
  "expect refuses a stranger's token by its %s, naming both",
  async (field) => {
    const { identity } = setUp({ plugins: [bringing(jwt(who))], expect: { [field]: "wanted" } });
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ code: "unexpected-principal" });
    expect(error.message).toContain("wanted");
  },
);

it("what expect refers to is not in the message, but the name of the variable or of the file", async () => {
  const wanted = { tenantId: { env: "WANTED" } };
  const refused = (token: string) =>
    failure(
      setUp({ plugins: [bringing(token)], expect: wanted }, { env: { WANTED: "private-tenant" } }).identity.getToken(
        scope,
      ),
    );
  const other = await refused(jwt(who));
  expect(other).toMatchObject({ code: "unexpected-principal" });
  expect(other.message).toContain('`expect` wants {"env":"WANTED"}.');
  const opaque = await refused("opaque");
  expect(opaque).toMatchObject({ code: "unverifiable-principal" });
  for (const { message } of [other, opaque]) expect(message).not.toContain("private-tenant");
});

it("expect refuses a token that cannot be read", async () => {
  const { identity } = setUp({ plugins: [bringing("opaque")], expect: { tenantId: "t1" } });
  await expect(identity.getToken(scope)).rejects.toMatchObject({ code: "unverifiable-principal" });
});
