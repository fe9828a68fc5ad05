import { definePlugin, defineSource } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { assertFails, assertSignsIn, identityWith, scope } from "../identities.mjs";

const plugins = [entra];

/** A chain of one source of plugin-entra. */
const sourceOf = ({ servicePrincipal }, source, own) => {
  const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_AUTHORITY_HOST } = servicePrincipal;
  const chain = [{ source, options: { tenantId, clientId, ...own } }];
  return identityWith({ plugins, chain }, { AZURE_AUTHORITY_HOST });
};
const itself = ({ servicePrincipal }) => ({ clientId: servicePrincipal.AZURE_CLIENT_ID });

export const cases = {
  async "client secret"(world) {
    const clientSecret = world.servicePrincipal.AZURE_CLIENT_SECRET;
    await assertSignsIn(sourceOf(world, "client-secret", { clientSecret }), itself(world));
  },
  async "a wrong secret is named"(world) {
    const identity = sourceOf(world, "client-secret", { clientSecret: "wrong" });
    await assertFails(identity.getToken(scope), "invalid-client-secret");
    await identity.close();
  },
  async "certificate, text"(world) {
    await assertSignsIn(sourceOf(world, "client-certificate", { certificate: world.certificate }), itself(world));
  },
  async "certificate, file"(world) {
    const certificatePath = world.certificateFile;
    await assertSignsIn(sourceOf(world, "client-certificate", { certificatePath }), itself(world));
  },
  async "assertion of a callback"(world) {
    const getAssertion = async () => world.assertion;
    await assertSignsIn(sourceOf(world, "client-assertion", { getAssertion }), itself(world));
  },
  async "federated: token of another source"(world) {
    const tokens = defineSource({
      name: "token-service",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "any",
      subject: () => "token-service",
      create: () => ({
        getToken: async () => ({
          token: world.assertion,
          expiresOnTimestamp: Date.now() + 600_000,
          tokenType: "Bearer",
        }),
      }),
    });
    const service = definePlugin({ name: "token-service", sources: [tokens] });
    const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_AUTHORITY_HOST } = world.servicePrincipal;
    const chain = [{ source: "federated", options: { tenantId, clientId, assertion: "token-service" } }];
    const identity = identityWith({ plugins: [entra, service], chain }, { AZURE_AUTHORITY_HOST });
    await assertSignsIn(identity, itself(world));
  },
  async "token of a build service (GitHub Actions)"({ githubActions }) {
    const identity = identityWith({ plugins, chain: ["github-actions"] }, githubActions);
    await assertSignsIn(identity, { clientId: githubActions.AZURE_CLIENT_ID });
  },
};
