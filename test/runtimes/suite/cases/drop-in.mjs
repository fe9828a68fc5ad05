import assert from "node:assert/strict";
import { ClientSecretCredential, DefaultAzureCredential } from "@azidentity/identity";
import { scope } from "../identities.mjs";

export const cases = {
  async ClientSecretCredential({ servicePrincipal }) {
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST } = servicePrincipal;
    const options = { authorityHost: AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
    const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, options);
    assert.match((await credential.getToken(scope)).token, /^eyJ/);
  },
  async DefaultAzureCredential({ servicePrincipal }) {
    Object.assign(process.env, servicePrincipal);
    try {
      assert.match((await new DefaultAzureCredential().getToken(scope)).token, /^eyJ/);
    } finally {
      for (const name of Object.keys(servicePrincipal)) delete process.env[name];
    }
  },
};
