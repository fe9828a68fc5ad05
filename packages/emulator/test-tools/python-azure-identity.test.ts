/** The Azure SDK for Python, from Debian's packages, gets its tokens from the emulator. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, type SignInOutcome, startEmulator } from "../src/index.ts";
import { createBrowserCommand } from "../test/support/browser-command.ts";
import { verify } from "../test/support/verify.ts";

/** The Python of Debian; `python3` in PATH may be another one. */
const python = "/usr/bin/python3";
const isInstalled = existsSync("/usr/lib/python3/dist-packages/azure/identity/__init__.py");

/** Creates a credential for each description on standard input, and prints its token or error. */
const program = `
import json, sys
from azure import identity
results = []
for name, options in json.load(sys.stdin):
    if "func" in options:
        options["func"] = lambda assertion=options["func"]: assertion
    for key in {"certificate_data", "client_certificate"} & options.keys():
        options[key] = options[key].encode()
    try:
        token = getattr(identity, name)(**options).get_token("https://storage.azure.com/.default")
        results.append({"token": token.token})
    except Exception as error:
        results.append({"error": str(error)})
print(json.dumps(results))
`;
/** Signs a user in by device code: prints the user code, and then the token or error. */
const deviceProgram = `
import json, sys
from azure import identity
def prompt(verification_uri, user_code, expires_on):
    print(json.dumps({"uri": verification_uri, "code": user_code}), flush=True)
credential = identity.DeviceCodeCredential(prompt_callback=prompt, **json.load(sys.stdin))
try:
    for scope in ["https://storage.azure.com/.default", "https://vault.azure.net/.default"]:
        print(json.dumps({"token": credential.get_token(scope).token}), flush=True)
except Exception as error:
    print(json.dumps({"error": str(error)}), flush=True)
`;
type Description = readonly [className: string, options: Readonly<Record<string, unknown>>];
type Result = { readonly token?: string; readonly error?: string };

const ann = {
  username: "ann@contoso.example",
  password: "Ann-s3cret",
  objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11",
};
const publicClient = { clientId: "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11", publicClient: true, secrets: [] };
/** This version supports the first name of the option, later versions the second. */
const offline = { instance_discovery: false, disable_instance_discovery: true };

describe.skipIf(!isInstalled)("azure-identity of Python", () => {
  let emulator: Emulator;
  let folder: string;
  let env: Record<string, string>;
  let client: { readonly tenant_id: string; readonly client_id: string };
  let pemFile: string;
  let pem: string;

  beforeAll(async () => {
    emulator = await startEmulator({ tenants: [{ applications: [{}, publicClient], users: [ann] }] });
    const made = await emulator.createCertificate();
    pem = made.pem;
    emulator.credentials.add({ certificate: made.certificate });
    folder = mkdtempSync(join(tmpdir(), "azidentity-python-"));
    pemFile = join(folder, "client.pem");
    writeFileSync(pemFile, pem, { mode: 0o600 });
    // the proxy blocks requests to hosts other than the emulator
    const proxy = await emulator.startProxy();
    env = {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
      AZURE_AUTHORITY_HOST: emulator.authorityHost,
      ...proxy.env(),
    };
    client = { tenant_id: emulator.tenantId, client_id: emulator.application.clientId };
  });
  afterAll(async () => {
    await emulator?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function run(descriptions: readonly Description[], variables: Record<string, string> = {}): Promise<Result[]> {
    const running = promisify(execFile)(python, ["-c", program], { env: { ...env, ...variables }, cwd: "/" });
    running.child.stdin?.end(JSON.stringify(descriptions));
    return JSON.parse((await running).stdout) as Result[];
  }
  /** The user or application of the token, otherwise the name of the error. */
  function describeEnd({ token, error }: Result): unknown {
    return token === undefined ? /authorization_\w+/.exec(error ?? "")?.[0] : decodeJwt(token).oid;
  }
  const claimsOf = ({ token, error }: Result = {}) =>
    verify(emulator, token ?? expect.fail(error), "https://storage.azure.com");

  it("azure-identity of Python authenticates an application by secret, certificate, chain and assertion", async () => {
    const { application, issuers } = emulator;
    const own = { ...client, ...offline };
    const results = await run([
      ["ClientSecretCredential", { ...own, client_secret: application.clientSecret }],
      ["CertificateCredential", { ...own, certificate_path: pemFile }],
      ["CertificateCredential", { ...own, certificate_data: pem }],
      ["CertificateCredential", { ...own, certificate_path: pemFile, send_certificate_chain: true }],
      ["ClientAssertionCredential", { ...client, func: await issuers.githubActions.issueToken() }],
    ]);
    const claims = await Promise.all(results.map(claimsOf));
    expect(claims.map(({ oid, appidacr }) => [oid, appidacr])).toEqual(
      ["1", "2", "2", "2", "2"].map((proof) => [application.objectId, proof]),
    );
  });

  it.each(["secret", "certificate"])(
    "azure-identity of Python authenticates an application by a %s from its environment",
    async (proof) => {
      const { AZURE_CLIENT_SECRET = "", ...variables } = emulator.env();
      const own: Record<string, string> =
        proof === "secret" ? { AZURE_CLIENT_SECRET } : { AZURE_CLIENT_CERTIFICATE_PATH: pemFile };
      const [result] = await run([["EnvironmentCredential", offline]], { ...variables, ...own });
      expect(await claimsOf(result)).toMatchObject({ appidacr: proof === "secret" ? "1" : "2" });
    },
  );

  it("azure-identity of Python acquires tokens on behalf of a user, by secret and by certificate", async () => {
    const user = await emulator.issueUserToken({ username: ann.username, objectId: ann.objectId });
    const own = { ...client, ...offline, user_assertion: user };
    const { clientSecret } = emulator.application;
    const [bySecret, byCertificate, refused] = await run([
      ["OnBehalfOfCredential", { ...own, client_secret: clientSecret }],
      ["OnBehalfOfCredential", { ...own, client_certificate: pem }],
      ["OnBehalfOfCredential", { ...own, client_secret: clientSecret, user_assertion: "nonsense" }],
    ]);
    expect(await claimsOf(bySecret)).toMatchObject({ oid: ann.objectId, appidacr: "1", scp: "user_impersonation" });
    expect(await claimsOf(byCertificate)).toMatchObject({ oid: ann.objectId, appidacr: "2" });
    expect(refused?.error).toContain("AADSTS50013");
  });

  it("azure-identity of Python signs a user in by name and password after user realm discovery", async () => {
    // MSAL requests the user realm at the host of the authority without its port, so that it has to
    // be Microsoft's host
    const authority = "login.microsoftonline.com";
    const { username, password } = ann;
    const own = { ...client, ...offline, authority, client_id: publicClient.clientId, username };
    emulator.requests.clear();
    const [right, wrong] = await run([
      ["UsernamePasswordCredential", { ...own, password }],
      ["UsernamePasswordCredential", { ...own, password: "wrong" }],
    ]);
    expect(await claimsOf(right)).toMatchObject({ oid: ann.objectId, upn: username });
    expect(wrong?.error).toContain("AADSTS50126");
    expect(emulator.requests.to(`/common/userrealm/${username}`)[0]).toMatchObject({ status: 200 });
  });

  it.each([
    ["gets tokens for a device after the user has confirmed", {}, [ann.objectId, ann.objectId]],
    ["reports that the user has declined", { decline: "confirm" as const }, ["authorization_declined"]],
  ])("azure-identity of Python %s", async (_, options, expected) => {
    const child = spawn(python, ["-c", deviceProgram], { env, cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
    try {
      child.stdin.end(JSON.stringify({ ...offline, ...client, client_id: publicClient.clientId }));
      const ends: unknown[] = [];
      for await (const line of createInterface(child.stdout)) {
        const { uri, code, ...result } = JSON.parse(line) as Result & { uri?: string; code?: string };
        if (code === undefined) ends.push(describeEnd(result));
        else expect(await emulator.signInAtDevice(code, options)).toHaveProperty("approved", !("decline" in options));
        if (uri !== undefined) expect(uri).toBe(`${emulator.authorityHost}/common/oauth2/deviceauth`);
      }
      expect(ends).toEqual(expected);
    } finally {
      child.kill();
    }
  });

  it("azure-identity of Python signs a user in by the browser of the variable BROWSER", async () => {
    const ends: Promise<SignInOutcome>[] = [];
    const browser = await createBrowserCommand((url) => ends.push(emulator.signIn(url, { follow: true })));
    try {
      const own = { ...client, ...offline, client_id: publicClient.clientId };
      const [result] = await run([["InteractiveBrowserCredential", own]], { BROWSER: browser.path });
      expect(await claimsOf(result)).toMatchObject({ upn: ann.username });
      expect(await Promise.all(ends)).toMatchObject([{ method: "GET", steps: ["account", "password"] }]);
    } finally {
      browser.remove();
    }
  });

  it("azure-identity of Python is refused with a wrong secret, and with an unregistered certificate", async () => {
    const stranger = await emulator.createCertificate();
    const own = { ...client, ...offline };
    const [bySecret, byCertificate] = await run([
      ["ClientSecretCredential", { ...own, client_secret: "wrong" }],
      ["CertificateCredential", { ...own, certificate_data: stranger.pem }],
    ]);
    expect(bySecret?.error).toContain("AADSTS7000215");
    expect(byCertificate?.error).toContain("AADSTS700027");
  });
});
