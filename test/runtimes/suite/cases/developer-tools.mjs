import assert from "node:assert/strict";
import devTools from "@azidentity/plugin-dev-tools";
import { assertFails, identityWith, principalOf, scope } from "../identities.mjs";

export const cases = {
  async "Azure CLI"({ azureCli, tenantId }) {
    const identity = identityWith({ plugins: [devTools], chain: ["azure-cli"] }, azureCli);
    assert.equal((await principalOf(identity)).tenantId, tenantId);
  },
  async "Azure CLI that is not installed"({ folder }) {
    const identity = identityWith({ plugins: [devTools] }, { HOME: folder, PATH: folder });
    const walk = await identity.explain(scope);
    assert.equal(walk.attempts.find(({ source }) => source === "azure-cli").outcome, "not-installed");
    await identity.close();
  },
  async "the end of a call ends its program"({ hangingCli, isRunningUrl }) {
    const identity = identityWith({ plugins: [devTools], chain: ["azure-cli"] }, hangingCli);
    await assertFails(identity.getToken(scope, { requestOptions: { timeout: 1_500 } }), "timeout");
    await identity.close();
    const ended = await (await fetch(isRunningUrl)).text();
    assert.equal(ended, "no program runs");
  },
};
