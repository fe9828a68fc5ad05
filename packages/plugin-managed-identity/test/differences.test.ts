/**
 * The same situations for Microsoft's clients and for us. Where the behaviour differs,
 * docs/differences.md has the reason.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import { definePlugin } from "@azidentity/core/plugin";
import { type Emulator, type Fault, startEmulator } from "@azidentity/emulator";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { fakeMachine } from "./support.ts";

const run = promisify(execFile);
const scope = "https://vault.azure.net/.default";
type Env = Readonly<Record<string, string>>;
interface Result {
  readonly token?: string;
  readonly expires?: number;
  readonly isSame?: boolean;
  readonly error?: string;
  readonly message?: string;
}

/** Microsoft's clients look for Arc's keys here alone, which is root's. */
const keyDirectory = "/var/opt/azcmagent/tokens";
const canServeArc = process.platform === "linux" && process.getuid?.() === 0;

let emulator: Emulator;

/** Microsoft's clients in one file, because each of the many processes loads them. */
const folder = mkdtempSync(join(tmpdir(), "azidentity-client-"));
const program = join(folder, "client.mjs");

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, "official-client.mjs")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const own = { userAssigned: [{}] };
  emulator = await startEmulator({
    hosts: {
      imds: own,
      "app-service": own,
      "cloud-shell": {},
      "service-fabric": {},
      "azure-ml": own,
      "azure-arc": { ...own, ...(canServeArc ? { keyDirectory } : {}) },
    },
  });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/**
 * One of Microsoft's clients, in a process of its own in which the developer tools cannot be found.
 */
async function theirs(client: "identity" | "default" | "msal", env: Env, ...args: string[]): Promise<Result> {
  const only = { PATH: "/nowhere", HOME: "/nowhere", AZURE_TOKEN_CREDENTIALS: "prod", ...env };
  const { stdout } = await run(process.execPath, [program, client, ...args], { env: only, timeout: 25_000 });
  return JSON.parse(stdout);
}

async function ours(env: Env, options: object = {}, claims?: string): Promise<Result> {
  const sources = [workloadIdentity, createManagedIdentitySource(fakeMachine())];
  const plugins = [definePlugin({ name: "test", sources })];
  const http = { caFile: emulator.caCertificateFile };
  const identity = createIdentity({ config: false, plugins, http, sources: { "managed-identity": options } }, { env });
  try {
    const first = await identity.getToken(scope);
    const { token, expiresOnTimestamp } = claims ? await identity.getToken(scope, { claims, enableCae: true }) : first;
    return { token, expires: expiresOnTimestamp, isSame: token === first.token };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  } finally {
    await identity.close();
  }
}

const oidOf = ({ token, message }: Result): string =>
  token === undefined
    ? `no token: ${message}`
    : JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).oid;

it.each(["imds", "app-service", "cloud-shell", "service-fabric", "azure-ml"] as const)(
  "the Azure SDK, MSAL and azidentity acquire a token of the same principal on %s",
  async (name) => {
    const env = emulator.env(name);
    const wanted = emulator.host(name).systemAssigned?.objectId;
    const [identity, msal, mine] = await Promise.all([theirs("identity", env), theirs("msal", env), ours(env)]);
    expect([oidOf(identity), oidOf(msal), oidOf(mine)]).toEqual([wanted, wanted, wanted]);
  },
);

it.each(["imds", "app-service", "azure-ml"] as const)(
  "the Azure SDK, MSAL and azidentity acquire a token of the same principal on %s, by client id",
  async (name) => {
    const env = emulator.env(name);
    const { clientId = "", objectId = "" } = emulator.host(name).userAssigned[0] ?? {};
    const results = await Promise.all([
      theirs("identity", env, clientId),
      theirs("msal", env, clientId),
      ours(env, { clientId }),
    ]);
    expect(results.map(oidOf)).toEqual([objectId, objectId, objectId]);
  },
);

it("the Azure SDK, MSAL and azidentity acquire a token of the same principal on App Service in the default chain, where AZURE_CLIENT_ID names it", async () => {
  const { clientId = "", objectId } = emulator.host("app-service").userAssigned[0] ?? {};
  const env = { ...emulator.env("app-service"), AZURE_CLIENT_ID: clientId };
  const results = await Promise.all([theirs("default", env), ours(env)]);
  expect(results.map(oidOf)).toEqual([objectId, objectId]);
});

describe.skipIf(!canServeArc)("on Azure Arc", () => {
  it("on Azure Arc the Azure SDK, MSAL and azidentity acquire a token of the same principal", async () => {
    const env = emulator.env("azure-arc");
    const wanted = emulator.host("azure-arc").systemAssigned?.objectId;
    const results = await Promise.all([theirs("identity", env), theirs("msal", env), ours(env)]);
    expect(results.map(oidOf)).toEqual([wanted, wanted, wanted]);
  });

  it("on Azure Arc the Azure SDK, MSAL and azidentity acquire a token of the same principal by client id", async () => {
    const env = emulator.env("azure-arc");
    const { clientId = "", objectId } = emulator.host("azure-arc").userAssigned[0] ?? {};
    const results = await Promise.all([
      theirs("identity", env, clientId),
      theirs("msal", env, clientId),
      ours(env, { clientId }),
    ]);
    expect(results.map(oidOf)).toEqual([objectId, objectId, objectId]);
  });

  it.each<[NonNullable<Fault["challenge"]>, boolean, boolean]>([
    ["azure-arc-elsewhere", false, false],
    ["azure-arc-oversize", false, false],
    ["azure-arc-no-extension", false, false],
    ["azure-arc-symlink", true, false],
    ["azure-arc-quoted", false, true],
    ["azure-arc-parameter", false, true],
  ])("on Azure Arc the challenge %s is followed by MSAL: %s, by azidentity: %s", async (challenge, sdk, mine) => {
    const followed = async (client: (env: Env) => Promise<Result>) => {
      emulator.faults.add({ service: "azure-arc", challenge });
      const { token } = await client(emulator.env("azure-arc"));
      emulator.faults.clear();
      return token !== undefined;
    };
    expect([await followed((env) => theirs("msal", env)), await followed(ours)]).toEqual([sdk, mine]);
  });
});

describe("unlike the Azure SDK,", () => {
  /**
   * One fault for each of the two, one after the other, because a fault applies to the first
   * request.
   */
  async function both(env: Env, fault: Fault): Promise<readonly [Result, Result]> {
    emulator.faults.add({ times: Number.POSITIVE_INFINITY, ...fault });
    try {
      return [await theirs("msal", env), await ours(env)];
    } finally {
      emulator.faults.clear();
    }
  }
  const hasExpiry = ({ expires }: Result) =>
    typeof expires === "number" && Math.abs(expires - Date.now() - 86_399_000) < 60_000;

  it.each(["expires-in-text", "us-date"] as const)(
    "unlike the Azure SDK, azidentity reads an expiry in the form %s",
    async (expiry) => {
      const [msal, mine] = await both(emulator.env("app-service"), { service: "app-service", expiry });
      expect([hasExpiry(msal), hasExpiry(mine)]).toEqual([false, true]);
    },
  );

  it("unlike the Azure SDK, azidentity compares Service Fabric's thumbprint", async () => {
    const env = { ...emulator.env("service-fabric"), IDENTITY_SERVER_THUMBPRINT: "00".repeat(20) };
    expect((await theirs("msal", env)).token).toBeDefined();
    expect((await ours(env)).token).toBeUndefined();
  });

  it("unlike the Azure SDK, azidentity returns a new token for claims, not the refused one", async () => {
    const env = emulator.env("imds");
    expect((await theirs("identity", env, "", "claims")).isSame).toBe(true);
    expect((await ours(env, {}, '{"access_token":{"nbf":{"essential":true}}}')).isSame).toBe(false);
  });

  it("unlike the Azure SDK, azidentity stops its chain in a pod without its token file; neither sends a request to the node", async () => {
    const pod = {
      ...emulator.env("imds"),
      AZURE_FEDERATED_TOKEN_FILE: "/no/such/file",
      AZURE_TENANT_ID: emulator.tenantId,
      AZURE_AUTHORITY_HOST: emulator.authorityHost,
      AZURE_CLIENT_ID: emulator.host("imds").userAssigned[0]?.clientId ?? "",
    };
    emulator.requests.clear();
    const [sdk, mine] = await Promise.all([theirs("default", pod), ours(pod)]);
    expect([sdk.error, mine.error]).toEqual(["AggregateAuthenticationError", "AuthenticationError"]);
    expect(emulator.requests.filter(({ path }) => path.includes("metadata"))).toEqual([]);
  });

  it("unlike the Azure SDK, azidentity stops its chain in a web app whose AZURE_CLIENT_ID is not assigned to it", async () => {
    const env = { ...emulator.env("app-service"), AZURE_CLIENT_ID: "an-app" };
    const [sdk, mine] = await Promise.all([theirs("default", env), ours(env)]);
    expect([sdk.error, mine.error]).toEqual(["AggregateAuthenticationError", "AuthenticationError"]);
  });

  it("unlike the Azure SDK, as well as like it, azidentity refuses an id in Cloud Shell before a request is sent", async () => {
    const env = emulator.env("cloud-shell");
    emulator.requests.clear();
    const [sdk, mine] = await Promise.all([theirs("identity", env, "an-app"), ours(env, { clientId: "an-app" })]);
    expect([sdk.token, mine.token]).toEqual([undefined, undefined]);
    expect(emulator.requests).toHaveLength(0);
  });
});
