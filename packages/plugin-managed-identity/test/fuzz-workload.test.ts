/**
 * Damaged variables of a pod: each has to become a token, or an error whose message has the right
 * form.
 */
import { join } from "node:path";
import {
  createFakeHttp,
  createTestContext,
  createTestRequest,
  damageText,
  resultFaults,
} from "@azidentity/core/testing";
import { fuzzRuns, fuzzTimeoutMs, omitStackFrames } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { tokenAnswer } from "./support.ts";

const certificate = `-----BEGIN CERTIFICATE-----\n${"MIIBszCCAVmgAwIBAgIUQ".repeat(12)}\n-----END CERTIFICATE-----\n`;
const variables = {
  AZURE_TENANT_ID: "contoso.com",
  AZURE_CLIENT_ID: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f",
  AZURE_FEDERATED_TOKEN_FILE: join(import.meta.dirname, "token-of-a-pod.txt"),
};
const proxy = {
  AZURE_KUBERNETES_TOKEN_PROXY: "https://proxy.test/tokens",
  AZURE_KUBERNETES_SNI_NAME: "proxy.test",
  AZURE_KUBERNETES_CA_DATA: certificate,
  AZURE_KUBERNETES_CA_FILE: "/no/such/ca.pem",
};

type Env = Readonly<Record<string, string>>;

/** A token, or what the source rejects with. */
async function resultOf(env: Env): Promise<unknown> {
  const http = createFakeHttp(tokenAnswer(Date.now(), { expires_in: 3_600 }));
  try {
    const context = createTestContext({ env, http });
    return await (await workloadIdentity.create({}, context)).getToken(createTestRequest());
  } catch (error) {
    return error;
  }
}

omitStackFrames();

it(
  "10 000 damaged environments of pods are each a token, or an error of ours in the right form",
  async () => {
    const names = Object.keys({ ...variables, ...proxy });
    const withProxy = fc.subarray(Object.entries(proxy)).map((entries): Env => Object.fromEntries(entries));
    const given = fc.oneof(fc.constant<Env>({}), withProxy);
    let tokens = 0;
    const property = fc.asyncProperty(given, fc.constantFrom(...names), fc.nat(), async (more, name, seed) => {
      const env: Env = { ...variables, ...more };
      const result = await resultOf(env[name] === undefined ? env : { ...env, [name]: damageText(env[name], seed) });
      const faults = resultFaults(result);
      if (faults.length > 0) expect(faults, String(result)).toEqual([]); // the condition is faster than expect
      if (!(result instanceof Error)) tokens++;
    });
    await fc.assert(property, fuzzRuns);
    expect(tokens).toBeGreaterThan(100);
  },
  fuzzTimeoutMs,
);
