import assert from "node:assert/strict";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { assertFails, identityWith, principalOf, scope } from "../identities.mjs";

const on = (env, ...chain) => identityWith({ plugins: [managedIdentity], ...(chain.length > 0 && { chain }) }, env);
const assertHost = async ({ env, clientId }, ...chain) =>
  assert.equal((await principalOf(on(env, ...chain))).clientId, clientId);

export const cases = {
  async "managed identity: App Service"({ hosts }) {
    await assertHost(hosts["app-service"]);
  },
  async "managed identity: virtual machine (IMDS)"({ hosts }) {
    await assertHost(hosts.imds);
  },
  async "managed identity: Service Fabric (pinned certificate)"({ hosts }) {
    await assertHost(hosts["service-fabric"]);
  },
  async "nothing is sent to a Service Fabric with another certificate"({ hosts, requestCountUrl }) {
    const { env } = hosts["service-fabric"];
    const count = async () => (await fetch(requestCountUrl)).text();
    const before = await count();
    const identity = on({ ...env, IDENTITY_SERVER_THUMBPRINT: "00".repeat(20) });
    await assertFails(identity.getToken(scope), "unexpected-certificate");
    await identity.close();
    assert.equal(await count(), before);
  },
  async "workload identity on AKS"({ hosts }) {
    await assertHost(hosts["workload-identity"], "workload-identity");
  },
};
