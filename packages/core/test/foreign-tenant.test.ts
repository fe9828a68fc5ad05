import { expect, it } from "vitest";
import { createIdentity } from "../src/identity.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";

const scope = "https://vault.azure.net/.default";

it.each([
  ["AZURE_TENANT_ID", { env: { AZURE_TENANT_ID: "t1" }, config: {} }],
  ["the config", { env: {}, config: { tenantId: "t1" } }],
])(
  "a credential of another library, whose own tenant is t2, is asked for t1 if %s names t1",
  async (_, { env, config }) => {
    const clock = createFakeClock();
    const credential = {
      getToken: async (_scopes: unknown, options: { tenantId?: string } = {}) => ({
        token: `token-of-${options.tenantId ?? "t2"}`,
        expiresOnTimestamp: clock.now() + 3_600_000,
      }),
    };
    await using identity = createIdentity({ config: false, plugins: [], ...config }, { env, clock });
    const chain = identity.chain([credential]);
    for (let call = 0; call < 2; call++) {
      expect((await chain.getToken(scope)).token).toBe("token-of-t2");
      expect((await chain.getToken(scope, { tenantId: "t1" })).token).toBe("token-of-t1");
    }
  },
);
