import assert from "node:assert/strict";
import users from "@azidentity/plugin-users";
import { identityWith, principalOf } from "../identities.mjs";

export const cases = {
  async "device code"({ servicePrincipal, approveUrl, username }) {
    const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_AUTHORITY_HOST } = servicePrincipal;
    const userPromptCallback = () => void fetch(approveUrl);
    const options = { tenantId, clientId, userPromptCallback };
    const chain = [{ source: "device-code", options }];
    const identity = identityWith({ plugins: [users], chain }, { AZURE_AUTHORITY_HOST });
    assert.equal((await principalOf(identity)).username, username);
  },
};
