// Prints the nanoseconds of a call that is served from memory, by `ours` or `peer` (the argument):
// the median of batches, after the compiler of the runtime has seen the loop.
const scope = "https://storage.azure.com/.default";
const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = process.env;

const contenders = {
  async ours() {
    const { createIdentity } = await import("@azidentity/core");
    const { default: entra } = await import("@azidentity/plugin-entra");
    const identity = createIdentity({ config: false, plugins: [entra], disableInstanceDiscovery: true });
    return { credential: identity.credential("client-secret", { tenantId, clientId, clientSecret }), calls: 20_000 };
  },
  async peer() {
    const { ClientSecretCredential } = await import("@azure/identity");
    const options = { authorityHost: process.env.AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
    return { credential: new ClientSecretCredential(tenantId, clientId, clientSecret, options), calls: 200 };
  },
};

const { credential, calls } = await contenders[process.argv[2]]();
await credential.getToken(scope);
const batches = [];
for (let batch = 0; batch < 40; batch++) {
  const started = performance.now();
  for (let call = 0; call < calls; call++) await credential.getToken(scope);
  batches.push(((performance.now() - started) / calls) * 1_000_000);
}
batches.splice(0, 10);
console.log(batches.sort((a, b) => a - b)[batches.length / 2]);
process.exit();
