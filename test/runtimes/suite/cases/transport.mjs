import assert from "node:assert/strict";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { assertFails, assertSignsIn, identityWith, scope } from "../identities.mjs";

const plugins = [entra];
const itself = ({ AZURE_CLIENT_ID: clientId }) => ({ clientId });

/** Sends a request as a source of a plugin does, and returns the body of the response. */
async function send(request) {
  let body;
  const source = defineSource({
    name: "sends",
    kind: "deployed",
    tenantPolicy: "fixed",
    subject: () => "request",
    detect: () => ({ state: "ready", reason: "always" }),
    create: (_, { http, clock }) => ({
      async getToken({ signal }) {
        ({ body } = await http.send({ method: "GET", ...request }, signal));
        return { token: "T", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  });
  const identity = identityWith({ plugins: [definePlugin({ name: "sends", sources: [source] })], chain: ["sends"] });
  try {
    await identity.getToken(scope);
    return body;
  } finally {
    await identity.close();
  }
}

export const cases = {
  async "authorities of the config (http.caFile)"({ servicePrincipal, other }) {
    const { authorityHost, tenantId, clientId, clientSecret, caFile } = other;
    const env = {
      ...servicePrincipal,
      AZURE_AUTHORITY_HOST: authorityHost,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
    };
    const untrusted = identityWith({ plugins }, env);
    await assertFails(untrusted.getToken(scope), "untrusted-certificate");
    await untrusted.close();
    await assertSignsIn(identityWith({ plugins, http: { caFile } }, env), other);
  },
  async "the roots of a token proxy are the only ones"({ hosts, foreignCa }) {
    const { env, proxy } = hosts["workload-identity"];
    const identityBehind = (more) =>
      identityWith({ plugins: [managedIdentity], chain: ["workload-identity"] }, { ...env, ...proxy, ...more });
    const identity = identityBehind({ AZURE_KUBERNETES_CA_FILE: foreignCa });
    await assertFails(identity.getToken(scope), "untrusted-certificate");
    await identity.close();
    await assertSignsIn(identityBehind({}), { clientId: env.AZURE_CLIENT_ID });
  },
  async "HTTP proxy (HTTPS_PROXY)"({ servicePrincipal, proxy }) {
    const { AZURE_AUTHORITY_HOST: _, ...own } = servicePrincipal;
    await assertSignsIn(identityWith({ plugins }, { ...own, ...proxy }), itself(own));
  },
  async "a lookup decides which addresses are connected to"({ witness }) {
    const { port } = new URL(witness);
    const to = (host, lookup) =>
      send({ url: `http://${host}:${port}/requests`, connection: { name: "own", lookup }, proxy: "never" });
    const found = (_, { all }, done) =>
      all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
    assert.match(await to("relay.contoso.example", found), /^\d+$/);
    const refusal = Object.assign(new Error("Such an address is not allowed."), { code: "ENOTALLOWED" });
    await to("localhost", (_, __, done) => done(refusal)).then(
      () => assert.fail("It has connected all the same."),
      ({ outcome }) => assert.equal(outcome, "unreachable"),
    );
  },
  async "Unix socket"({ socketPath }) {
    const connection = { name: "socket", socketPath };
    assert.match(await send({ url: "http://localhost/requests", connection, proxy: "never" }), /^\d+$/);
  },
};
