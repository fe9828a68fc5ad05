import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { decodeJwt } from "jose";
import { expect, it, vi } from "vitest";
import { startEmulator } from "../src/emulator.ts";
import type { HostName } from "../src/service-names.ts";
import { fence } from "./support/fence.ts";

/**
 * Prints the tokens of both of Microsoft's clients, for the system-assigned identity and for each
 * kind of id.
 */
const program = `
  import { ManagedIdentityCredential } from "@azure/identity";
  import { ManagedIdentityApplication } from "@azure/msal-node";
  const names = { clientId: "userAssignedClientId", objectId: "userAssignedObjectId", resourceId: "userAssignedResourceId" };
  const sdk = [], msal = [];
  for (const id of [{}, ...JSON.parse(process.argv[1])]) {
    sdk.push((await new ManagedIdentityCredential(id).getToken("https://vault.azure.net/.default")).token);
    const [named] = Object.entries(id);
    const ids = named === undefined ? {} : { managedIdentityIdParams: { [names[named[0]]]: named[1] } };
    const application = new ManagedIdentityApplication({ ...ids, disableInternalRetries: true });
    msal.push((await application.acquireToken({ resource: "https://storage.azure.com", forceRefresh: true })).accessToken);
  }
  console.log(JSON.stringify([sdk, msal]));
`;

vi.setConfig({ maxConcurrency: 3 });

const all = ["clientId", "objectId", "resourceId"] as const;

/** The kinds of ids that each host supports. */
const hosts: readonly (readonly [HostName, readonly (typeof all)[number][]])[] = [
  ["imds", all],
  ["app-service", all],
  ["container-apps", all],
  ["container-instances", all],
  ["azure-arc", all],
  ["azure-ml", ["clientId"]],
  ["cloud-shell", []],
  ["service-fabric", []],
];

/** Microsoft's clients accept key files of Azure Arc only here. */
const keyDirectory = "/var/opt/azcmagent/tokens";
const canServeArc = process.platform === "linux" && process.getuid?.() === 0;

for (const [name, kinds] of hosts) {
  const can = name !== "azure-arc" || canServeArc;
  it.skipIf(!can).concurrent(
    `${name} returns tokens to Microsoft's clients for every kind of id that it supports`,
    async () => {
      const own = name === "azure-arc" ? { keyDirectory } : {};
      const emulator = await startEmulator({ hosts: { [name]: { userAssigned: [{}], ...own } } });
      try {
        const { systemAssigned, userAssigned } = emulator.host(name);
        const ids = kinds.map((kind) => ({ [kind]: userAssigned[0]?.[kind] }));
        const argument = [...fence, "--input-type=module", "--eval", program, JSON.stringify(ids)];
        const { stdout } = await promisify(execFile)(process.execPath, argument, {
          cwd: import.meta.dirname,
          env: emulator.env(name),
        });
        const expected = [systemAssigned, ...kinds.map(() => userAssigned[0])].map((id) => ({
          oid: id?.objectId,
          appid: id?.clientId,
          xms_mirid: id?.resourceId,
        }));
        for (const tokens of JSON.parse(stdout) as string[][]) {
          const claims = tokens.map((token) => decodeJwt(token));
          expect(claims.map(({ oid, appid, xms_mirid }) => ({ oid, appid, xms_mirid }))).toEqual(expected);
        }
      } finally {
        await emulator.close();
      }
    },
  );
}

it.concurrent.each([false, true])(
  "WorkloadIdentityCredential gets a token in a pod, with tokenProxy: %s",
  async (tokenProxy) => {
    const emulator = await startEmulator({ hosts: { "workload-identity": { tokenProxy } } });
    try {
      const pod = `
      import { WorkloadIdentityCredential } from "@azure/identity";
      const options = { enableAzureProxy: ${tokenProxy}, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
      const { token } = await new WorkloadIdentityCredential(options).getToken("https://vault.azure.net/.default");
      console.log(token);
    `;
      const { stdout } = await promisify(execFile)(process.execPath, [...fence, "--input-type=module", "--eval", pod], {
        cwd: import.meta.dirname,
        env: emulator.env("workload-identity"),
      });
      expect(decodeJwt(stdout.trim())).toMatchObject({ oid: emulator.application.objectId, appidacr: "2" });
      expect(emulator.requests.to("/token").at(-1)).toMatchObject({
        service: tokenProxy ? "token-proxy" : "entra",
        status: 200,
        ...(tokenProxy ? { serverName: "token-proxy.aks.test" } : {}),
      });
    } finally {
      await emulator.close();
    }
  },
);

it("a client that ignores the token proxy of its pod gets no token", async () => {
  const emulator = await startEmulator({ hosts: { "workload-identity": { tokenProxy: true } } });
  try {
    const pod = `
      import { WorkloadIdentityCredential } from "@azure/identity";
      const options = { disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
      await new WorkloadIdentityCredential(options).getToken("https://vault.azure.net/.default");
    `;
    const run = promisify(execFile)(process.execPath, [...fence, "--input-type=module", "--eval", pod], {
      cwd: import.meta.dirname,
      env: emulator.env("workload-identity"),
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("fenced off: login.microsoftonline.com"),
    });
    expect(emulator.requests).toHaveLength(0);
  } finally {
    await emulator.close();
  }
});
