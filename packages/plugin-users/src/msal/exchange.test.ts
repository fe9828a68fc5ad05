import { inspect } from "node:util";
import { createFakeHttp, createTestRequest } from "@azidentity/core/testing";
import { errorOf, sourceContext } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { exchange } from "./exchange.ts";

it.each([200, 400])(
  "An OAuth error with status %i shows no secret that it quotes, also without core",
  async (status) => {
    const body = JSON.stringify({ error: "invalid_grant", error_description: "AADSTS50126: canary/+&= is wrong." });
    const settings = {
      sourceName: "username-password",
      tenantId: "contoso.com",
      clientId: "app",
      secrets: ["canary/+&="],
      request: createTestRequest(),
    };
    const context = sourceContext({ http: createFakeHttp({ status, body }) });
    const refused = exchange(settings, context, (msal, configuration, common) =>
      new msal.PublicClientApplication(configuration).acquireTokenByUsernamePassword({
        ...common,
        username: "ann@contoso.com",
        password: "canary/+&=",
      }),
    );
    const shown = inspect(await errorOf(refused), { depth: 9 });
    expect(shown).toContain("AADSTS50126");
    expect(shown).not.toContain("canary");
  },
);
