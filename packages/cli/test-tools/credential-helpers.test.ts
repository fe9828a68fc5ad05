/**
 * git, npm, kubectl and a client of a registry get their tokens from `azid token`, over https on
 * loopback.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { program, runAzid } from "../test/run-azid.ts";
import { startHttpsServer } from "./https-server.ts";

const run = promisify(execFile);
const devOps = "499b84ac-1321-427f-aa17-267ca6975798";
const aks = "6dae42f8-4368-4678-94ff-3960e28e3630";
const registryAudience = "https://containerregistry.azure.net";
const kubectl = "/usr/bin/kubectl";

let emulator: Emulator;
let folder: string;
/** PATH with a program `azid`, and the variables that sign an application in. */
let env: Record<string, string>;
beforeAll(async () => {
  const resources = [devOps, aks, registryAudience];
  emulator = await startEmulator({ tenants: [{ resources, applications: [{}] }] });
  folder = mkdtempSync(join(tmpdir(), "azid-helpers-"));
  const azid = join(folder, "azid");
  writeFileSync(azid, `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
  chmodSync(azid, 0o755);
  const PATH = [folder, process.env.PATH].join(delimiter);
  env = {
    PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    ...emulator.env("service-principal"),
  };
});
afterAll(async () => {
  await emulator?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const audienceOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).aud;
const passwordOf = (header = "") =>
  Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString("utf8")
    .replace(/^[^:]*:/, "");

/** What `NODE_EXTRA_CA_CERTS` has to name, so that azid trusts the emulator and another server. */
function certificatesWith(caFile: string): string {
  const file = join(folder, "both.pem");
  writeFileSync(file, readFileSync(env.NODE_EXTRA_CA_CERTS as string, "utf8") + readFileSync(caFile, "utf8"));
  return file;
}

it("git fetches from a host on the list with a token as password, and gets none for another host", async () => {
  const commit = "c".repeat(40);
  await using server = await startHttpsServer(folder, ({ url, headers }, _, response) => {
    const password = passwordOf(headers.authorization);
    if (password === "") return void response.writeHead(401, { "WWW-Authenticate": 'Basic realm="repos"' }).end();
    if (audienceOf(password) !== devOps) return void response.writeHead(403).end();
    response.end(url?.startsWith("/org/repo/info/refs") ? `${commit}\trefs/heads/main\n` : "");
  });
  const remote = `https://${server.host}/org/repo`;
  const options = { env: { ...env, GIT_SSL_CAINFO: server.caFile } };
  const helper = (host: string) => [
    "-c",
    "credential.helper=",
    "-c",
    `credential.helper=!azid token --as git --host ${host}`,
  ];
  const { stdout } = await run("git", [...helper(server.host), "ls-remote", remote], options);
  expect(stdout).toBe(`${commit}\trefs/heads/main\n`);
  await expect(run("git", [...helper("dev.azure.com"), "ls-remote", remote], options)).rejects.toThrow(
    "could not read Username",
  );
});

it("npm reads a package of a registry that takes tokens", async () => {
  await using server = await startHttpsServer(folder, ({ headers }, _, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    if (token === "" || audienceOf(token) !== devOps) return void response.writeHead(401).end("{}");
    const versions = { "1.2.3": { name: "team", version: "1.2.3", dist: { tarball: "", shasum: "" } } };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ name: "team", "dist-tags": { latest: "1.2.3" }, versions }));
  });
  const registry = `https://${server.host}/feed/`;
  const { stdout: lines, stderr } = await runAzid(["token", "--as", "npm", "--host", registry], { env, cwd: folder });
  expect(stderr).toBe("");
  const config = join(folder, "azure.npmrc");
  writeFileSync(config, lines);
  const words = ["view", "team", "version", "--registry", registry, "--userconfig", config, "--cafile", server.caFile];
  const cache = ["--cache", join(folder, "npm-cache"), "--fetch-retries", "0"];
  const { stdout } = await run("npm", [...words, ...cache], { env, cwd: folder });
  expect(stdout.trim()).toBe("1.2.3");
});

it("docker's helper protocol answers with the token that a registry of Azure has exchanged", async () => {
  await using server = await startHttpsServer(folder, ({ url, headers }, body, response) => {
    if (url === "/oauth2/exchange") {
      const form = new URLSearchParams(body);
      const isForUs = form.get("grant_type") === "access_token" && form.get("service") === headers.host;
      if (!isForUs || audienceOf(form.get("access_token") ?? "") !== registryAudience)
        return void response.writeHead(401).end("{}");
      return void response.end(JSON.stringify({ refresh_token: "refresh-token-of-the-registry" }));
    }
    response.writeHead(passwordOf(headers.authorization) === "refresh-token-of-the-registry" ? 200 : 401).end("{}");
  });
  const words = ["token", "--as", "docker", "--host", server.host, "get"];
  const both = { ...env, NODE_EXTRA_CA_CERTS: certificatesWith(server.caFile) };
  const { stdout, code } = await runAzid(words, { env: both, cwd: folder, input: server.host });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    ServerURL: server.host,
    Username: "00000000-0000-0000-0000-000000000000",
    Secret: "refresh-token-of-the-registry",
  });
});

it("a registry without an exchange gets the token of Entra, and one that refuses is an error", async () => {
  let status = 404;
  await using server = await startHttpsServer(folder, (_, __, response) => void response.writeHead(status).end("{}"));
  const words = ["token", "--as", "docker", "--host", server.host, "get"];
  const both = { ...env, NODE_EXTRA_CA_CERTS: certificatesWith(server.caFile) };
  const ask = () => runAzid(words, { env: both, cwd: folder, input: `https://${server.host}` });
  expect(audienceOf(JSON.parse((await ask()).stdout).Secret)).toBe(registryAudience);
  status = 401;
  expect(await ask()).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("AcrPull") });
  status = 302;
  expect((await ask()).code).toBe(1);
});

it("a registry that cannot be reached, such as one whose certificate is not trusted, is an error", async () => {
  await using server = await startHttpsServer(folder, (_, __, response) => void response.end("{}"));
  const words = ["token", "--as", "docker", "--host", server.host, "get"];
  const ended = await runAzid(words, { env, cwd: folder, input: server.host });
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("could not be reached") });
});

// Debian's kubectl is older than v1 of the protocol, and shares its path with that of other
// archives
if (existsSync(kubectl)) {
  it.each(["v1", "v1beta1"])("kubectl signs in with an ExecCredential of %s", async (version) => {
    await using server = await startHttpsServer(folder, ({ headers }, _, response) => {
      const [, token = ""] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
      response.writeHead(token !== "" && audienceOf(token) === aks ? 200 : 401).end("ok");
    });
    const exec = {
      apiVersion: `client.authentication.k8s.io/${version}`,
      command: "azid",
      args: ["token", "--as=exec-credential"],
      interactiveMode: "Never",
    };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: `https://${server.host}`, "certificate-authority": server.caFile } }],
      users: [{ name: "u", user: { exec } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    };
    mkdirSync(join(folder, ".kube"), { recursive: true });
    const file = join(folder, ".kube", "config");
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    const { stdout } = await run(kubectl, ["--kubeconfig", file, "get", "--raw", "/healthz"], { env, cwd: folder });
    expect(stdout).toBe("ok");
  });
}
