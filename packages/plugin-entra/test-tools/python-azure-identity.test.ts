/**
 * What our applications send to Entra's token endpoint is compared, field by field, with what the
 * Azure SDK for Python sends. Headers and telemetry are not compared.
 */

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { createIdentities, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import entra from "../src/index.ts";

/** The Python of Debian; `python3` in PATH may be another one. */
const python = "/usr/bin/python3";
const isInstalled = existsSync("/usr/lib/python3/dist-packages/azure/identity/__init__.py");

/** Gets a token from a credential of azure-identity, by class and options. */
const program = `
import json, sys
from azure import identity
name, options = json.load(sys.stdin)
if "func" in options:
    options["func"] = lambda assertion=options["func"]: assertion
getattr(identity, name)(**options).get_token("${scope}")
`;

/** This version has the first name of the option, later versions the second. */
const offline = { instance_discovery: false, disable_instance_discovery: true };
const notCompared = /^(?:x-|client-request-id$|client_info$|claims$)/;

interface Pair {
  readonly title: string;
  /** Class and options of azure-identity. */
  readonly theirs: readonly [string, object];
  readonly ours: () => Promise<unknown>;
}

describe.skipIf(!isInstalled)("azure-identity of Python", () => {
  let emulator: Emulator;
  let folder: string;
  let pemFile: string;
  let env: Record<string, string>;
  let user: string;
  const identities = createIdentities(entra, () => emulator);

  beforeAll(async () => {
    emulator = await startEmulator();
    const { pem, certificate } = await emulator.createCertificate();
    emulator.credentials.add({ certificate });
    user = await emulator.issueUserToken();
    folder = mkdtempSync(join(tmpdir(), "azidentity-python-"));
    pemFile = join(folder, "app.pem");
    writeFileSync(pemFile, pem, { mode: 0o600 });
    env = {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
      AZURE_AUTHORITY_HOST: emulator.authorityHost,
      ...(await emulator.startProxy()).env(), // blocks requests to other hosts than the emulator
    };
  });
  afterEach(() => identities.close());
  afterAll(async () => {
    await emulator?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /**
   * The token requests that work sends: path, form and scopes. Not compared: telemetry; the claims,
   * because Debian's version ignores a challenge and always declares the capability `CP1`; and
   * `client_info`, which describes a user and which it requests for applications too.
   */
  async function requestsOf(work: () => Promise<unknown>) {
    emulator.requests.clear();
    await work();
    return emulator.requests.to("/token").map(({ path, form: { scope: scopes = "", ...form } }) => ({
      path,
      form: Object.fromEntries(Object.entries(form).filter(([name]) => !notCompared.test(name))),
      scopes: scopes.split(" ").sort(),
    }));
  }

  async function run(name: string, options: object): Promise<void> {
    const running = promisify(execFile)(python, ["-c", program], { env, cwd: "/" });
    running.child.stdin?.end(JSON.stringify([name, options]));
    await running;
  }

  async function pairs(): Promise<readonly Pair[]> {
    const { tenantId, application, issuers } = emulator;
    const { clientId, clientSecret } = application;
    const ids = { tenantId, clientId };
    const client = { ...offline, tenant_id: tenantId, client_id: clientId };
    const getAssertion = () => issuers.githubActions.issueToken();
    const make = (source: "client-secret" | "client-certificate" | "client-assertion", options: object) =>
      identities.make().credential(source, { ...ids, ...options });
    return [
      {
        title: "a client secret",
        theirs: ["ClientSecretCredential", { ...client, client_secret: clientSecret }],
        ours: () => make("client-secret", { clientSecret }).getToken(scope),
      },
      {
        title: "a certificate",
        theirs: ["CertificateCredential", { ...client, certificate_path: pemFile }],
        ours: () => make("client-certificate", { certificatePath: pemFile }).getToken(scope),
      },
      {
        title: "an assertion",
        theirs: ["ClientAssertionCredential", { tenant_id: tenantId, client_id: clientId, func: await getAssertion() }],
        ours: () => make("client-assertion", { getAssertion }).getToken(scope),
      },
      {
        title: "a secret, on behalf of a user",
        theirs: ["OnBehalfOfCredential", { ...client, client_secret: clientSecret, user_assertion: user }],
        ours: () =>
          identities
            .make()
            .credential("on-behalf-of", { ...ids, clientSecret })
            .forUser(user)
            .getToken(scope),
      },
    ];
  }

  it("azure-identity of Python sends for each kind of application the fields that ours send", async () => {
    for (const { title, theirs, ours } of await pairs()) {
      const sent = await requestsOf(() => run(...theirs));
      expect(sent, title).toHaveLength(1);
      expect(await requestsOf(ours), title).toEqual(sent);
    }
  });
});
