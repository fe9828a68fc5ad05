import { describe, expect, it } from "vitest";
import type { AnySource } from "../src/contract/services.ts";
import type { IssuedToken } from "../src/contract/token.ts";
import { createIdentity } from "../src/identity.ts";
import { defineOptions, definePlugin, defineSource } from "../src/options/define-options.ts";
import type { Identity } from "../src/runtime/identity.ts";
import type { IdentityOptions } from "../src/runtime/start-place.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { readStoreKey } from "../src/store/store-key.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createMemoryStore } from "../src/test-kit/memory-store.ts";

const scope = (name: string) => `https://${name}.azure.net/.default`;

interface Options {
  readonly clientId?: string;
  readonly tenantId?: string;
}

/** A source whose tokens say with which options, for which tenant they were acquired. */
const app = {
  name: "app",
  kind: "deployed",
  priority: 1,
  tenantPolicy: "allow-list",
  options: defineOptions({ clientId: { type: "string" }, tenantId: { type: "string" } }),
  homeTenant: {},
  subject: ({ clientId }: Options) => clientId,
  create: ({ clientId, tenantId }: Options) => ({
    async getToken(request): Promise<IssuedToken> {
      const token = `${clientId}@${request.tenantId ?? tenantId}`;
      return { token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER / 2, tokenType: "Bearer" };
    },
  }),
} as const satisfies Partial<AnySource>;

function identityOf(changed: Partial<AnySource>, given: object = {}, env: Readonly<Record<string, string>> = {}) {
  const clock = createFakeClock();
  const store = createMemoryStore(clock);
  const source = defineSource({ ...app, ...changed } as AnySource);
  const provider = defineTokenStore({ name: "memory", create: () => store });
  const plugins = [definePlugin({ name: "p", sources: [source], services: [provider] })];
  const sources = { app: { clientId: "c", tenantId: "home.example", ...given } };
  const options = { config: false, plugins, sources, cache: { store: "memory" } } as IdentityOptions;
  const identity: Identity = createIdentity(options, { clock, env });
  return { store, identity };
}

const fail = (): never => {
  throw new Error("boom");
};

describe("An error while the options are read", () => {
  const validate = (check: () => unknown) => ({ "~standard": { version: 1, vendor: "own", validate: check } });
  it.each([
    ["a schema that throws", { options: validate(fail) }],
    ["a schema that rejects", { options: validate(() => Promise.reject(new Error("boom"))) }],
    ["a schema that returns nothing", { options: validate(() => undefined) }],
    ["a subject that throws", { subject: fail }],
    ["a home tenant that throws", { homeTenant: { own: fail } }],
  ])("An error while the options are read rejects the call, and names the source: %s", async (_, changed) => {
    const { identity } = identityOf(changed as unknown as Partial<AnySource>, { tenantId: undefined });
    for (const credential of [identity, identity.credential("app")]) {
      const error = await credential.getToken(scope("vault")).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: expect.stringMatching(/^(?:failed|invalid-plugin)$/) });
      expect(error.message).toContain("app");
    }
    await identity.close();
  });
});

describe("A variable that changes whenever it is read", () => {
  /** Reads as a different client of a different tenant each time. */
  function changing() {
    let reads = 0;
    const env = {
      get C() {
        return `client-${++reads}`;
      },
      get T() {
        return `tenant-${reads}.example`;
      },
    };
    return { env, given: { clientId: { env: "C" }, tenantId: { env: "T" } } };
  }

  it("A variable that changes whenever it is read gives each acquisition the values of one reading: for the source, for the tenant and for the key in the store", async () => {
    const { env, given } = changing();
    const { identity, store } = identityOf({}, given, env);
    const stored = async (token: string) => {
      let count = 0;
      for await (const { key } of store.list?.() ?? []) {
        const owner = readStoreKey(key);
        if (`${owner?.subject}@${owner?.tenantId}` === token) count++;
      }
      return count;
    };
    for (const credential of [identity, identity.credential("app", given)]) {
      for (const name of ["vault", "storage", "graph"]) {
        const { token } = await credential.getToken(scope(name));
        expect(token).toMatch(/^client-(\d+)@tenant-\1\.example$/);
        expect(await stored(token)).toBe(1);
      }
    }
  });
});

describe("A source whose create returns no credential", () => {
  it.each([
    ["nothing", () => undefined],
    ["a promise of nothing", async () => null],
    ["an object without getToken", () => ({ gettoken: fail })],
  ])("A source whose create returns no credential is reported as a defect of the source: %s", async (_, create) => {
    const { identity } = identityOf({ create } as unknown as Partial<AnySource>);
    await expect(identity.getToken(scope("vault"))).rejects.toMatchObject({
      code: "failed",
      message: expect.stringContaining("app has no credential: its create() returned nothing that has getToken()."),
      remedy: expect.stringContaining("report it to its author"),
    });
    await identity.close();
  });
});

describe("A source whose create rejects once", () => {
  it("A source whose create rejects once rejects that call with its name, and is created again for the next one", async () => {
    let calls = 0;
    const create: AnySource["create"] = async (options) => {
      if (++calls === 1) throw new Error("not yet");
      return app.create(options as Options);
    };
    const { identity } = identityOf({ create });
    await expect(identity.getToken(scope("vault"))).rejects.toMatchObject({
      name: "AuthenticationError",
      code: "failed",
      message: expect.stringContaining('app failed: "Error: not yet".'),
    });
    expect((await identity.getToken(scope("vault"))).token).toBe("c@home.example");
    expect(calls).toBe(2);
  });
});
