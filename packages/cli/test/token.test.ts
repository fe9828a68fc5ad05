/** `azid token` as a program of its own, against the emulator. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execCredentialSchema } from "./exec-credential-schema.ts";
import { program, runAzid } from "./run-azid.ts";

const scope = "https://storage.azure.com/.default";
const resources = ["6dae42f8-4368-4678-94ff-3960e28e3630", "499b84ac-1321-427f-aa17-267ca6975798"];
const git = ["token", "--as", "git", "--host", "dev.azure.com"];
const docker = ["token", "--as", "docker", "--host", "me.azurecr.io"];

let emulator: Emulator;
let home: string;
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ resources, applications: [{}] }] });
  home = mkdtempSync(join(tmpdir(), "azid-token-"));
});
afterAll(async () => {
  await emulator?.close();
  if (home !== undefined) rmSync(home, { recursive: true });
});

const signedIn = () => ({ HOME: home, ...emulator.env("service-principal") });
const azid = (
  words: readonly string[],
  { env = signedIn(), input }: { env?: Record<string, string>; input?: string } = {},
) => runAzid(words, { env, input, cwd: home });
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

it("a token is printed alone, for the scope and of the application", async () => {
  const { code, stdout, stderr } = await azid(["token", "--scope", "https://storage.azure.com"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^eyJ[\w.-]+\n$/);
  expect(claimsOf(stdout)).toMatchObject({ aud: "https://storage.azure.com", appid: emulator.application.clientId });
});

it("a header and variables have the token", async () => {
  expect((await azid(["token", "-s", scope, "--as", "header"])).stdout).toMatch(/^Authorization: Bearer eyJ[\w.-]+\n$/);
  const { stdout } = await azid(["token", "-s", scope, "--as", "env", "--variable", "STORAGE"]);
  expect(stdout).toMatch(/^STORAGE=eyJ[\w.-]+\nSTORAGE_EXPIRES_ON=\d{10}\n$/);
  expect((await azid(["token", "-s", scope, "--as", "env", "--variable", "A B"])).code).toBe(2);
});

it("the JSON document of the exec contract has the token, its expiry and its principal", async () => {
  const document = JSON.parse((await azid(["token", "-s", scope, "--as", "json"])).stdout);
  const { tenantId, application } = emulator;
  expect(document).toMatchObject({
    version: 1,
    tokenType: "Bearer",
    principal: { tenantId, clientId: application.clientId },
  });
  expect(Math.abs(document.expiresOn - claimsOf(document.token).exp)).toBeLessThanOrEqual(2); // of another clock
});

it("a program of the exec contract is asked by variables", async () => {
  const env = { ...signedIn(), AZIDENTITY_EXEC_VERSION: "1", AZIDENTITY_EXEC_SCOPES: scope };
  const asked = await azid(["token", "--as", "json"], { env, input: `{"version":1,"scopes":["${scope}"]}\n` });
  expect(claimsOf(JSON.parse(asked.stdout).token).aud).toBe("https://storage.azure.com");
  const later = await azid(["token", "--as", "json"], { env: { ...env, AZIDENTITY_EXEC_VERSION: "2" } });
  expect(later).toMatchObject({ code: 2, stderr: "" });
  expect(JSON.parse(later.stdout)).toMatchObject({ version: 1, error: { code: "unsupported-version" } });
});

it("an error of the JSON format is a document, too, and has no secret", async () => {
  const env = { ...signedIn(), AZURE_CLIENT_SECRET: "Wr0ng-s3cret" };
  const { code, stdout, stderr } = await azid(["token", "-s", scope, "--as", "json"], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    error: { outcome: "rejected", message: expect.stringContaining("7000215") },
  });
  expect(stdout).not.toContain("Wr0ng");
});

it("a wrong scope is a document of the contract, too", async () => {
  const { code, stdout } = await azid(["token", "-s", "storage", "--as", "json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    error: { code: "usage", outcome: "misconfigured", remedy: expect.stringContaining("--scope https://storage") },
  });
});

it("the source exec of another program gets its token from azid, which does not ask itself again", async () => {
  const folder = mkdtempSync(join(home, "exec-"));
  const own = join(folder, "azid");
  writeFileSync(own, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  const variables = Object.keys(emulator.env("service-principal"));
  const config = (args: readonly string[]) => ({
    chain: [{ source: "exec", options: { program: own, args, passVariables: variables } }],
  });
  const ask = async (args: readonly string[]) => {
    writeFileSync(join(folder, "azidentity.config.json"), JSON.stringify(config(args)));
    const trusted = await runAzid(["trust", "--yes"], { env: signedIn(), cwd: folder });
    expect(trusted.stderr).toContain("the program of the source exec");
    return runAzid(["token", "-s", scope], { env: signedIn(), cwd: folder });
  };
  expect((await ask(["token", "--as", "json", "--no-config"])).stdout).toMatch(/^eyJ[\w.-]+\n$/);
  const endless = await ask(["token", "--as", "json", "--config", join(folder, "azidentity.config.json")]);
  expect(endless.code).not.toBe(0);
  expect(endless.stderr).toContain("so it runs no other program");
});

it("without a source that works, the error has each source and the next thing to type", async () => {
  const env = { HOME: home, PATH: "", AZIDENTITY_TENANT_ID: emulator.tenantId };
  const { code, stdout, stderr } = await azid(["token", "-s", scope, "--source", "azure-cli"], { env });
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("Install");
});

it("kubectl gets an ExecCredential, by default for Azure Kubernetes Service", async () => {
  const info = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    spec: { interactive: false },
  };
  const env = { ...signedIn(), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const answer = JSON.parse((await azid(["token", "--as", "exec-credential"], { env })).stdout);
  expect(answer).toMatchObject({ apiVersion: info.apiVersion, kind: "ExecCredential" });
  expect(claimsOf(answer.status.token).aud).toBe("6dae42f8-4368-4678-94ff-3960e28e3630");
  const seconds = Date.parse(answer.status.expirationTimestamp) / 1000;
  expect(Math.abs(seconds - claimsOf(answer.status.token).exp)).toBeLessThanOrEqual(2); // of another clock
});

it.each(["v1", "v1beta1"] as const)("the ExecCredential of %s is one by the schema of Kubernetes", async (version) => {
  const info = {
    apiVersion: `client.authentication.k8s.io/${version}`,
    kind: "ExecCredential",
    spec: { interactive: true },
  };
  const env = { ...signedIn(), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const { stdout } = await azid(["token", "--as", "exec-credential"], { env });
  const validate = addFormats.default(new Ajv({ allErrors: true })).compile(execCredentialSchema(version));
  expect(validate(JSON.parse(stdout)) || validate.errors).toBe(true);
  expect(validate({ ...JSON.parse(stdout), status: { token: 1, expirationTimestamp: "soon" } })).toBe(false);
});

it("git gets a password for a host on the list, and nothing for others", async () => {
  const { stdout } = await azid([...git, "get"], { input: "protocol=https\nhost=dev.azure.com\n\n" });
  const [, password = ""] = /^username=azid\npassword=(\S+)\npassword_expiry_utc=\d{10}\n$/.exec(stdout) ?? [];
  expect(claimsOf(password).aud).toBe("499b84ac-1321-427f-aa17-267ca6975798");
  for (const input of ["protocol=https\nhost=github.com\n\n", "protocol=http\nhost=dev.azure.com\n\n"])
    expect(await azid([...git, "get"], { input })).toMatchObject({ code: 0, stdout: "" });
  for (const action of ["store", "erase"])
    expect(await azid([...git, action], { input: "protocol=https\nhost=dev.azure.com\n\n" })).toMatchObject({
      code: 0,
      stdout: "",
    });
});

it("docker is answered as its helpers answer", async () => {
  expect(await azid([...docker, "get"], { input: "index.docker.io" })).toMatchObject({
    code: 1,
    stdout: "credentials not found in native keychain\n",
  });
  expect(await azid([...docker, "list"])).toMatchObject({ code: 0, stdout: "{}\n" });
});

it("npm gets a line for each registry on the list", async () => {
  const { stdout } = await azid(["token", "--as", "npm", "--host", "pkgs.dev.azure.com/o/_packaging/f/npm/registry/"]);
  expect(stdout).toMatch(/^\/\/pkgs\.dev\.azure\.com\/o\/_packaging\/f\/npm\/registry\/:_authToken=eyJ[\w.-]+\n$/);
});

it.each([
  [["token"], "Add --scope"],
  [["token", "-s", "storage"], "--scope https://storage.azure.com/.default"],
  [["token", "-s", scope, "--as", "xml"], "It is one of: raw, json"],
  [["token", "-s", scope, "--source", "a", "--chain", "b"], "exclude each other"],
  [["token", "-s", scope, "get"], "takes no action"],
  [["token", "--as", "git", "list", "--host", "h"], "no action of a credential helper"],
  [["token", "--as", "git"], "Add --host"],
  [["token", "--as", "npm"], "Add --host"],
  [["token", "-s", scope, "--sorce", "a"], "Did you mean --source?"],
])("%j is a wrong command line", async (words, remedy) => {
  const { code, stdout, stderr } = await azid(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(remedy);
});

it("a config that has not been trusted is an error, and --no-config works without it", async () => {
  const folder = mkdtempSync(join(home, "project-"));
  writeFileSync(join(folder, "azidentity.config.mjs"), "export default { chain: [] };");
  const words = ["token", "-s", scope];
  const { code, stderr } = await runAzid(words, { env: signedIn(), cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toContain("run: azid trust");
  expect((await runAzid([...words, "--no-config"], { env: signedIn(), cwd: folder })).code).toBe(0);
});
