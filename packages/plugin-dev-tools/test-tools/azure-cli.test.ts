/** The real Azure CLI, signed in to the emulator through a proxy that blocks all other hosts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import {
  type AzureCli,
  azureCliApplication,
  claimsOf,
  errorOf,
  hasAzureCli,
  openAzureCli,
} from "@azidentity/test-support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import devTools from "../src/index.ts";

const users = ["ann", "bernard"].map((name) => ({ username: `${name}@contoso.example`, password: `${name}-s3cret` }));
const scope = "https://storage.azure.com/.default";
/** A scope without a cached token, so that az sends a request to the authority. */
const scopeOf = (n: number) => `https://account${n}.blob.core.windows.net/.default`;

describe.skipIf(!hasAzureCli)("azure-cli with the real az", () => {
  let emulator: Emulator;
  let cli: AzureCli;

  beforeAll(async () => {
    emulator = await startEmulator({
      tenants: [{ applications: [{}, azureCliApplication], users }],
      hosts: { "cloud-shell": {} },
    });
    cli = await openAzureCli(emulator);
  });
  afterAll(async () => {
    await emulator?.close();
    cli?.[Symbol.dispose]();
  });

  const az = (...args: string[]) => cli.run(args);
  const signInAs = (user: (typeof users)[number]) => cli.signIn(user);
  const createCli = () =>
    createIdentity({ config: false, plugins: [devTools], chain: ["azure-cli"] }, { env: cli.env });

  it("azure-cli with the real az fails with the command to sign in before the first sign-in", async () => {
    await using identity = createCli();
    const error = await errorOf(identity.getToken(scope));
    expect(error).toMatchObject({ outcome: "not-signed-in", code: "not-signed-in" });
    expect(error.message).toContain("Run: az login");
  });

  it("azure-cli with the real az returns and caches tokens of a service principal with a secret, and refuses an unknown tenant", async () => {
    const { clientId, clientSecret, objectId } = emulator.application;
    // one argument: a secret may start with a dash
    const principal = ["--service-principal", "--username", clientId, `--password=${clientSecret}`];
    await az("login", ...principal, "--tenant", emulator.tenantId, "--allow-no-subscriptions");
    await using identity = createCli();
    const first = await identity.getToken(scope);
    expect(claimsOf(first.token)).toMatchObject({ aud: "https://storage.azure.com", oid: objectId, idtyp: "app" });
    expect(first.expiresOnTimestamp).toBe(claimsOf(first.token).exp * 1000);
    expect(await identity.getToken(scope)).toBe(first);
    const tenantId = "99999999-9999-4999-8999-999999999999";
    const error = await errorOf(identity.getToken(scope, { tenantId }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "unknown-tenant" });
    expect(error.message).toContain(tenantId);
  });

  it("azure-cli with the real az returns tokens of a service principal with a certificate", async () => {
    const { pem, certificate } = await emulator.createCertificate();
    emulator.credentials.add({ certificate });
    const file = join(cli.folder, "client.pem");
    writeFileSync(file, pem, { mode: 0o600 });
    const { clientId } = emulator.application;
    const principal = ["--service-principal", "--username", clientId, "--password", file];
    await az("login", ...principal, "--tenant", emulator.tenantId, "--allow-no-subscriptions");
    await using identity = createCli();
    expect(claimsOf((await identity.getToken(scopeOf(0))).token)).toMatchObject({ appid: clientId, appidacr: "2" });
  });

  it("azure-cli with the real az returns a user's tokens, and another user's after that user has signed in", async () => {
    const [ann, bernard] = users;
    if (ann === undefined || bernard === undefined) throw new TypeError("There are two users.");
    await using identity = createCli();
    const whose = async () => claimsOf((await identity.getToken(scope)).token).upn;
    await az("logout").catch(() => undefined);
    await signInAs(ann);
    expect([await whose(), await whose()]).toEqual([ann.username, ann.username]);
    await az("logout");
    expect(await errorOf(identity.getToken(scope))).toMatchObject({ code: "not-signed-in" });
    await signInAs(bernard);
    expect(await whose()).toBe(bernard.username);
  });

  it("azure-cli with the real az refuses an unknown tenant and an unknown resource", async () => {
    await using identity = createCli();
    const tenantId = "99999999-9999-4999-8999-999999999999";
    const error = await errorOf(identity.getToken(scope, { tenantId }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "unknown-tenant" });
    const unknown = await errorOf(identity.getToken("https://unknown.example/.default"));
    expect(unknown).toMatchObject({ outcome: "misconfigured", code: "unknown-resource" });
  });

  it("azure-cli with the real az fails with the command to sign in again after the session was revoked", async () => {
    await using identity = createCli();
    const { oid } = claimsOf((await identity.getToken(scopeOf(1))).token);
    emulator.revokeSession(oid);
    const error = await errorOf(identity.getToken(scopeOf(2)));
    expect(error).toMatchObject({ outcome: "interaction-required", code: "sign-in-expired" });
    expect(error.message).toContain(`az login --scope ${scopeOf(2)}`);
  });

  it("azure-cli with the real az returns a user's token after a device code sign-in", async () => {
    const [ann] = users;
    if (ann === undefined) throw new TypeError("There is a user.");
    await az("logout").catch(() => undefined);
    const asked = emulator.requests.next("/token");
    const signedIn = az("login", "--use-device-code", "--tenant", emulator.tenantId, "--allow-no-subscriptions");
    await asked;
    emulator.approveDevices(ann.username);
    await signedIn;
    await using identity = createCli();
    expect(claimsOf((await identity.getToken(scope)).token).upn).toBe(ann.username);
  });

  it("azure-cli returns tokens of a managed identity for its own tenant, although az refuses to be given one", async () => {
    await az("logout").catch(() => undefined);
    Object.assign(cli.env, emulator.env("cloud-shell"), { NO_PROXY: "localhost", no_proxy: "localhost" });
    await az("login", "--identity", "--allow-no-subscriptions");
    const refused = az("account", "get-access-token", "--tenant", emulator.tenantId);
    await expect(refused).rejects.toThrow("Tenant shouldn't be specified for managed identity account");
    await using identity = createCli();
    const { token } = await identity.getToken(scope, { tenantId: emulator.tenantId });
    expect(claimsOf(token)).toMatchObject({ oid: emulator.host("cloud-shell").systemAssigned?.objectId });
    const tenantId = "99999999-9999-4999-8999-999999999999";
    const error = await errorOf(identity.getToken(scope, { tenantId }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "other-tenant" });
  });
});
