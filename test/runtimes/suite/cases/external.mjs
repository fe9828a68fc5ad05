import assert from "node:assert/strict";
import external from "@azidentity/plugin-external";
import { identityWith, principalOf } from "../identities.mjs";

export const cases = {
  async "program of the exec contract"({ execProgram, tenantId }) {
    const chain = [{ source: "exec", options: { program: execProgram } }];
    assert.equal((await principalOf(identityWith({ plugins: [external], chain }))).tenantId, tenantId);
  },
  async "relay (azid serve)"({ hosts }) {
    const { env, clientId } = hosts.relay;
    const identity = identityWith({ plugins: [external], chain: ["relay"] }, env);
    assert.equal((await principalOf(identity)).clientId, clientId);
  },
};
