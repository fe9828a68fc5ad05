import assert from "node:assert/strict";
import { channel } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { assertFails, assertSignsIn, identityWith, scope } from "../identities.mjs";

const plugins = [entra];

export const cases = {
  async "many callers, one request"({ servicePrincipal }) {
    const identity = identityWith({ plugins }, servicePrincipal);
    const results = await Promise.all(Array.from({ length: 100 }, () => identity.getToken(scope)));
    assert.equal(new Set(results.map(({ token }) => token)).size, 1);
    assert.equal(await identity.getToken(scope), results[0]);
    await identity.close();
  },
  async "which source, and why"({ servicePrincipal }) {
    const identity = identityWith({ plugins }, servicePrincipal);
    const walk = await identity.explain(scope);
    assert.equal(walk.winner, "environment");
    await identity.close();
  },
  async "text of a token (provider)"({ servicePrincipal }) {
    const identity = identityWith({ plugins }, servicePrincipal);
    assert.match(await identity.provider(scope)(), /^eyJ/);
    await identity.close();
  },
  async "an unexpected principal is refused"({ servicePrincipal }) {
    const expect = { clientId: "00000000-0000-4000-8000-000000000001" };
    const identity = identityWith({ plugins, expect }, servicePrincipal);
    await assertFails(identity.getToken(scope), "unexpected-principal");
    await identity.close();
  },
  async "chain of two applications"({ servicePrincipal }) {
    const {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
    } = servicePrincipal;
    const chain = ["environment", { source: "client-secret", options: { tenantId, clientId, clientSecret } }];
    const { AZURE_AUTHORITY_HOST } = servicePrincipal;
    const identity = identityWith({ plugins, chain }, { AZURE_AUTHORITY_HOST });
    await identity.getToken(scope);
    assert.equal(identity.explain.last.winner, "client-secret");
    await identity.close();
  },
  async "events on diagnostics_channel"({ servicePrincipal }) {
    const seen = [];
    const walks = channel("azidentity:walk"); // Bun forgets subscribers of a channel that no variable holds
    walks.subscribe((walk) => seen.push(walk.winner));
    await assertSignsIn(identityWith({ plugins }, servicePrincipal), {
      clientId: servicePrincipal.AZURE_CLIENT_ID,
    });
    assert.deepEqual(seen, ["environment"]);
    assert.ok(walks.hasSubscribers);
  },
  async "config files: YAML, JavaScript, TypeScript"({ servicePrincipal, folder }) {
    for (const name of ["azidentity.config.yaml", "azidentity.config.mjs", "azidentity.config.mts"]) {
      const identity = createIdentity({ configFile: join(folder, name) }, { env: servicePrincipal });
      await assertSignsIn(identity, { clientId: servicePrincipal.AZURE_CLIENT_ID });
    }
  },
  async "plugins that are installed, without a config"({ servicePrincipal }) {
    const identity = createIdentity({ config: false }, { env: servicePrincipal });
    await assertSignsIn(identity, { clientId: servicePrincipal.AZURE_CLIENT_ID });
  },
  async "one copy of a package, imported and required"() {
    const require = createRequire(import.meta.url);
    assert.equal(require("@azidentity/core").createIdentity, createIdentity);
    assert.equal(require("@azidentity/plugin-entra").default, entra);
  },
  async "an abort ends a call"({ servicePrincipal, silentServer }) {
    const env = { ...servicePrincipal, AZURE_AUTHORITY_HOST: silentServer };
    const identity = identityWith({ plugins }, env);
    const controller = new AbortController();
    const running = identity.getToken(scope, { abortSignal: controller.signal });
    controller.abort();
    await running.then(
      () => assert.fail("It has not been aborted."),
      ({ name }) => assert.equal(name, "AbortError"),
    );
    await identity.close();
  },
  async "a time limit ends a call"({ servicePrincipal, silentServer }) {
    const env = { ...servicePrincipal, AZURE_AUTHORITY_HOST: silentServer };
    const identity = identityWith({ plugins }, env);
    await assertFails(identity.getToken(scope, { requestOptions: { timeout: 200 } }), "timeout");
    await identity.close();
  },
  async "the end of an identity ends its calls"({ servicePrincipal, silentServer }) {
    const identity = identityWith({ plugins }, { ...servicePrincipal, AZURE_AUTHORITY_HOST: silentServer });
    await identity.ready();
    const running = identity.getToken(scope);
    const closing = identity.close();
    await assertFails(running, "closed");
    await closing;
  },
};
