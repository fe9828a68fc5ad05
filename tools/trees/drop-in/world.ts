/**
 * What the programs talk to, on loopback: Entra, a host with managed identities, az, a browser,
 * services.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { startAzurite } from "../../../examples/blob-storage/azurite.ts";
import { createBrowserCommand } from "../../../packages/emulator/test/support/browser-command.ts";
import { startRedis } from "../../../packages/plugin-cache-persist/test-tools/redis-server.ts";
import { signInToAz } from "./counted-az.ts";
import { startServices } from "./services.ts";
import { describeSituations, type Situation, user, type Variables } from "./situations.ts";
import { startTdsServer } from "./tds-server.ts";

const kusto = { clientId: "db662dc1-0cfe-4e1c-a843-19a68e65be58", publicClient: true, secrets: [] };
/**
 * Resources that the libraries request tokens for, besides those that every tenant of the emulator
 * has.
 */
const resources = [
  "499b84ac-1321-427f-aa17-267ca6975798", // Azure DevOps
  "api://fd3f753b-eed3-462c-b6a7-a4b5bb650aad", // Snowflake
  "https://api.botframework.com",
  "https://kusto.kusto.windows.net",
];

/** What has been counted since `forget()`. */
export interface Counts {
  /** Requests for a token, to Entra and to the host. */
  readonly requests: number;
  /** Times that az was started. */
  readonly processes: number;
  /** Tokens of the tenant that services were sent. */
  readonly used: number;
}

export interface World extends AsyncDisposable {
  /** The variables of a program. */
  readonly env: Readonly<Record<Situation, Variables>>;
  counts(): Promise<Counts>;
  /** Signs the user in at every device that waits for it. */
  approveDevices(): void;
  /** Forgets what has been counted. */
  forget(): Promise<void>;
}

/** Starts everything; what has started ends with the world, or when something does not start. */
export async function startWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "libraries-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const tenants = [{ applications: [{}, kusto], users: [user], resources }];
  const emulator = stack.use(await startEmulator({ tenants, hosts: { "app-service": { userAssigned: [{}] } } }));
  const tds = stack.use(await startTdsServer());
  const facts = { vaultUrl: emulator.vaultUrl, kustoClientId: kusto.clientId };
  const https = stack.use(await startServices(emulator.serverCertificate, facts));
  const more = await startMore(stack, emulator, folder);
  const az = await signInToAz(emulator, folder);
  const services = { ...more, SERVICE: https.url, VAULT: emulator.vaultUrl, TDS_PORT: String(tds.port) };
  const env = await describeSituations(emulator, { folder, az, services });
  const started = stack.move();
  return {
    env,
    async counts() {
      const used = [...https.tokens, ...tds.tokens].filter((token) => tenantOf(token) === emulator.tenantId).length;
      return { requests: emulator.requests.to("/token").length, processes: await az.started(), used };
    },
    approveDevices: () => void emulator.approveDevices(user.username),
    async forget() {
      emulator.requests.clear();
      for (const tokens of [https.tokens, tds.tokens]) tokens.length = 0;
      await az.forget();
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const tenantOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).tid;

/**
 * Redis, which knows the principal by its object id; Azurite; a browser in which the user signs in;
 * and the certificate for servers that programs start.
 */
async function startMore(stack: AsyncDisposableStack, emulator: Emulator, folder: string): Promise<Variables> {
  const { application, serverCertificate } = emulator;
  const redis = stack.use(await startRedis("--user", application.objectId, "on", "nopass", "allkeys", "allcommands"));
  const azurite = await startAzurite(serverCertificate, new AbortController().signal, () => undefined);
  stack.defer(() => azurite.stop());
  const browser = await createBrowserCommand((url) => {
    void emulator.signIn(url, { account: user.username, follow: true });
  });
  stack.defer(() => browser.remove());
  const files = { TLS_CERTIFICATE: join(folder, "server.crt"), TLS_KEY: join(folder, "server.key") };
  await writeFile(files.TLS_CERTIFICATE, serverCertificate.certificate);
  await writeFile(files.TLS_KEY, serverCertificate.key, { mode: 0o600 });
  return { ...files, REDIS: `redis://127.0.0.1:${redis.port}`, BLOBS: azurite.url, BROWSER: browser.path };
}
