/**
 * What the cases meet, beside them in a process of Node.js: the emulator, programs, and a witness.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { createWitness, end, listen } from "./witness.ts";

const user = { username: "ann@contoso.example", password: "Ann-s3cret" };
const hostNames = ["app-service", "imds", "service-fabric", "relay"] as const;

export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  /** The file that the suite reads. */
  readonly file: string;
}

/** Programs of this machine: an Azure CLI, one that does not end, and one of the exec contract. */
async function writePrograms(folder: string, tenantId: string) {
  const program = async (name: string, text: string): Promise<string> => {
    await mkdir(join(folder, name));
    const file = join(folder, name, name === "exec" ? "tokens" : "az");
    await writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };
  const token = { accessToken: "T", expires_on: 4_000_000_000, tenant: tenantId };
  await program("cli", `echo '${JSON.stringify(token)}'`);
  const pidFile = join(folder, "pid");
  await program("hanging-cli", `sleep 600 & echo $! > '${pidFile}'\nwait`);
  const answer = { version: 1, token: "T", tokenType: "Bearer", expiresOn: 4_000_000_000, principal: { tenantId } };
  const exec = await program("exec", `cat > /dev/null\necho '${JSON.stringify(answer)}'`);
  const envOf = (name: string) => ({ HOME: join(folder, name), PATH: `${join(folder, name)}:/usr/bin:/bin` });
  return { azureCli: envOf("cli"), hangingCli: envOf("hanging-cli"), exec, pidFile };
}

const configs = {
  "azidentity.config.yaml": 'plugins: ["@azidentity/plugin-entra"]\nchain: [environment]\n',
  "azidentity.config.mjs": `import entra from "@azidentity/plugin-entra";
export default { plugins: [entra], chain: ["environment"] };
`,
  "azidentity.config.mts": `import { defineConfig } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
const chain = ["environment"] as const;
export default defineConfig({ plugins: [entra], chain });
`,
};

/** Credentials of the application besides its secret. */
async function addCredentials(emulator: Emulator, folder: string) {
  const { certificate, pem } = await emulator.createCertificate();
  const certificateFile = join(folder, "application.pem");
  await writeFile(certificateFile, pem, { mode: 0o600 });
  emulator.credentials.add({ certificate });
  const { githubActions, kubernetes } = emulator.issuers;
  for (const { issuer, subject } of [githubActions, kubernetes])
    emulator.credentials.add({ federated: { issuer, subject } });
  return { certificate: pem, certificateFile, assertion: await kubernetes.issueToken() };
}

function describeHosts(emulator: Emulator) {
  const of = (name: (typeof hostNames)[number]) => ({
    env: emulator.env(name),
    clientId: emulator.host(name).systemAssigned?.clientId,
  });
  const pod = Object.entries(emulator.env("workload-identity"));
  const isOfProxy = ([name]: [string, string]) => name.startsWith("AZURE_KUBERNETES_");
  const { authorityHost } = emulator;
  const env = { ...Object.fromEntries(pod.filter((entry) => !isOfProxy(entry))), AZURE_AUTHORITY_HOST: authorityHost };
  const proxy = Object.fromEntries(pod.filter(isOfProxy));
  return {
    ...Object.fromEntries(hostNames.map((name) => [name, of(name)])),
    "workload-identity": { env, proxy, clientId: emulator.application.clientId },
  };
}

/** An emulator whose authority nothing trusts. */
function describeOther({ authorityHost, tenantId, application, caCertificateFile: caFile }: Emulator) {
  return { authorityHost, tenantId, ...application, caFile };
}

/** Starts everything; `folder` exists, and is the project that has the packages installed. */
export async function startWorld(folder: string): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const tenants = [{ applications: [{ publicClient: true }], users: [user] }];
  const hosts = {
    ...Object.fromEntries(hostNames.map((name) => [name, {}])),
    "workload-identity": { tokenProxy: true },
  };
  const emulator = stack.use(await startEmulator({ tenants, hosts }));
  const other = stack.use(await startEmulator());
  const { tenantId } = emulator;
  const programs = await writePrograms(folder, tenantId);
  const credentials = await addCredentials(emulator, folder);
  for (const [name, text] of Object.entries(configs)) await writeFile(join(folder, name), text);
  const proxy = await emulator.startProxy();
  stack.defer(() => proxy.close());

  const serve = async (server: Server) => {
    const url = await listen(server);
    stack.defer(() => end(server));
    return url;
  };
  const witness = await serve(createWitness(emulator, user.username, programs.pidFile));
  const socketPath = join(folder, "witness.sock");
  const local = createWitness(emulator, user.username, programs.pidFile);
  await new Promise<void>((resolve) => local.listen(socketPath, resolve));
  stack.defer(() => end(local));
  const silent = await serve(createServer((socket) => socket.on("error", () => undefined).resume()));

  const file = join(folder, "world.json");
  const world = {
    folder,
    tenantId,
    username: user.username,
    servicePrincipal: emulator.env("service-principal"),
    githubActions: emulator.env("github-actions"),
    hosts: describeHosts(emulator),
    ...credentials,
    azureCli: programs.azureCli,
    hangingCli: programs.hangingCli,
    execProgram: programs.exec,
    other: describeOther(other),
    foreignCa: other.caCertificateFile,
    proxy: proxy.env(),
    silentServer: silent.replace("http:", "https:"),
    approveUrl: `${witness}/approve`,
    requestCountUrl: `${witness}/requests`,
    isRunningUrl: `${witness}/running`,
    witness,
    socketPath,
  };
  await writeFile(file, JSON.stringify(world));
  const disposables = stack.move();
  return { emulator, file, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}
