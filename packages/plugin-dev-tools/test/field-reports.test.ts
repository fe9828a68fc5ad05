/** What tools do on real machines, each as its users reported it. */
import { createIdentity, type IdentityConfig } from "@azidentity/core";
import type { IdentityError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeCommands, type FakeProgram } from "@azidentity/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import devTools from "../src/index.ts";
import { jwt } from "./corpus/case.ts";
import { createMachine } from "./script-tool.ts";

const scope = "https://vault.azure.net/.default";
const [own, other] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
type Programs = Readonly<Record<string, FakeProgram>>;

const prints = (answer: object) => ({ stdout: JSON.stringify(answer) });
const azToken = (more: object = {}) => prints({ accessToken: "T", expires_on: 4_000_000_000, ...more });
const fails = (stderr: string, exitCode = 1) => ({ exitCode, stderr });

/** A machine with these tools: asks its identity, and shows what the tools were called with. */
function machineWith(programs: Programs, config: IdentityConfig = {}, env: Readonly<Record<string, string>> = {}) {
  const commands = createFakeCommands(programs);
  const clock = createFakeClock(Date.UTC(2026, 0, 1));
  const home = { HOME: "/nowhere", USERPROFILE: "/nowhere" };
  const identity = createIdentity(
    { config: false, plugins: [devTools], ...config },
    { env: { ...home, ...env }, commands, clock },
  );
  onTestFinished(() => identity.close());
  const ask = (source: string, options: object = {}) =>
    identity
      .credential(source)
      .getToken(scope, options)
      .catch((error: IdentityError) => error);
  return { ask, runs: () => commands.runs.map(({ args }) => args) };
}

describe("az that is signed in as a managed identity or in Cloud Shell", () => {
  const texts = [
    "ERROR: Tenant shouldn't be specified for managed identity account",
    "ERROR: Tenant shouldn't be specified for Cloud Shell account",
  ];
  /** An az whose account belongs to this tenant, which refuses to be given any. */
  const az =
    (text: string, tenant?: string): FakeProgram =>
    ({ args }) =>
      args.includes("--tenant") ? fails(text) : azToken({ tenant });

  it.each(texts)(
    "az that is signed in as a managed identity or in Cloud Shell is run again without the tenant of the config: %s",
    async (text) => {
      const machine = machineWith({ az: az(text, own) }, { tenantId: own });
      expect(await machine.ask("azure-cli")).toMatchObject({ token: "T" });
      expect(machine.runs().map((args) => args.includes("--tenant"))).toEqual([true, false]);
    },
  );

  it("az that is signed in as a managed identity or in Cloud Shell is run again without the tenant of a call", async () => {
    const machine = machineWith({ az: az(texts[0] as string, own) });
    expect(await machine.ask("azure-cli", { tenantId: own.toUpperCase() })).toMatchObject({ token: "T" });
  });

  it.each([
    ["another tenant than the call", own, other],
    ["no tenant", own, undefined],
    ["a tenant that cannot be compared with a domain", "contoso.com", own],
  ])(
    "az that is signed in as a managed identity or in Cloud Shell is refused when it prints %s",
    async (_, tenantId, tenant) => {
      const machine = machineWith({ az: az(texts[0] as string, tenant) });
      const error = await machine.ask("azure-cli", { tenantId });
      expect(error).toMatchObject({ outcome: "misconfigured", code: "other-tenant" });
    },
  );

  it("az that is signed in as a managed identity or in Cloud Shell is not run again for another failure, nor without a tenant", async () => {
    const failing = machineWith({ az: () => fails("ERROR: Please run 'az login' to setup account.") });
    expect(await failing.ask("azure-cli", { tenantId: own })).toMatchObject({ code: "not-signed-in" });
    const refusing = machineWith({ az: () => fails(texts[0] as string) });
    expect(await refusing.ask("azure-cli")).toMatchObject({ code: "tool-failed" });
    expect([failing.runs().length, refusing.runs().length]).toEqual([1, 1]);
  });
});

it.each<[string, Programs]>([
  ["azure-cli", { az: () => azToken({ tenant: other }) }],
  ["azure-cli", { az: () => azToken({ tenant: own, accessToken: jwt({ tid: other }) }) }],
  ["azure-powershell", { pwsh: () => prints({ token: "T", expires_on: 4_000_000_000, tenant: other }) }],
  ["azure-developer-cli", { azd: () => prints({ token: jwt({ tid: other, exp: 4_000_000_000 }) }) }],
])(
  "a tool that answers with a token of another tenant than the requested one is refused: %s",
  async (source, programs) => {
    const [byCall, byConfig] = [machineWith(programs), machineWith(programs, { tenantId: own })];
    const results = [await byCall.ask(source, { tenantId: own }), await byConfig.ask(source)];
    for (const result of results) {
      expect(result).toMatchObject({ outcome: "misconfigured", code: "other-tenant" });
      expect((result as Error).message).toContain(other);
    }
  },
);

it.each<[string, Programs, string]>([
  ["azure-cli", { az: () => azToken() }, "--tenant"],
  ["azure-developer-cli", { azd: () => prints({ token: "T", expiresOn: "2096-10-02T07:06:40Z" }) }, "--tenant-id"],
])(
  "%s is not forced into the tenant of AZURE_TENANT_ID, which is the service principal's",
  async (name, tools, flag) => {
    const machine = machineWith(tools, {}, { AZURE_TENANT_ID: other });
    expect(await machine.ask(name)).toMatchObject({ token: "T" });
    expect(machine.runs().flat()).not.toContain(flag);
  },
);

describe("PowerShell in Constrained Language Mode", () => {
  const ofScript = (error: string, id: string) => ({
    exitCode: 1,
    stdout: JSON.stringify({ error: [...error].map((letter) => letter.codePointAt(0)), id }),
  });

  it.each([
    ["as text", fails("Cannot create type. Only core types are supported in this language mode.")],
    [
      "in German, with PowerShell's id",
      ofScript("Typ kann nicht erstellt werden.", "CannotCreateTypeConstrainedLanguage"),
    ],
  ])("PowerShell in Constrained Language Mode fails with a code of its own, %s", async (_, output) => {
    const error = await machineWith({ pwsh: () => output }).ask("azure-powershell");
    expect(error).toMatchObject({ outcome: "failed", code: "constrained-language" });
    expect((error as Error).message).toContain("az login");
  });

  it("PowerShell in Constrained Language Mode has errors of the script in any language", async () => {
    const output = ofScript("Ihre Anmeldung wurde zurückgesetzt. Führen Sie Connect-AzAccount erneut aus.", "");
    const error = await machineWith({ pwsh: () => output }).ask("azure-powershell");
    expect(error).toMatchObject({ outcome: "not-signed-in" });
    expect((error as Error).message).toContain('"Ihre Anmeldung wurde zurückgesetzt. Führen');
  });
});

describe("a token cache that the tool cannot read", () => {
  const windows = "Decryption failed: [WinError -2146893813] Key not valid for use in specified state.";
  it.each<[string, string, string, string]>([
    ["azure-cli", "az", windows, "az account clear"],
    ["azure-cli", "az", "PersistenceDecryptionError: the cache cannot be read", "az account clear"],
    ["azure-cli", "az", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "az account clear"],
    ["azure-cli", "az", "[Errno 13] Permission denied: '/root/.azure/msal_token_cache.json'", "configDirectory"],
    ["azure-developer-cli", "azd", "ERROR: fetching token: failed to decrypt the cache", "azd auth logout"],
    ["azure-powershell", "pwsh", "Key not valid for use in specified state.", "Clear-AzContext -Force"],
  ])(
    "a token cache that the tool cannot read of %s (%s) has the command that helps: %s",
    async (source, program, text, remedy) => {
      const error = await machineWith({ [program]: () => fails(text) }).ask(source);
      expect(error).toMatchObject({ outcome: "failed", code: "tool-cache-unreadable" });
      expect((error as IdentityError).remedy).toContain(remedy);
    },
  );
});

it.each<[string, Programs]>([
  ["azure-cli", { az: () => azToken({ expires_on: Date.UTC(2025, 11, 31, 22) / 1000 }) }],
  ["azure-developer-cli", { azd: () => prints({ token: jwt({ exp: Date.UTC(2025, 11, 31) / 1000 }) }) }],
])("%s that prints a token that has expired advises to check the clock", async (source, programs) => {
  const error = await machineWith(programs).ask(source);
  expect(error).toMatchObject({ outcome: "failed", code: "invalid-token" });
  expect((error as IdentityError).remedy).toMatch(/Check this machine's clock: it shows 2026-01-01T00:00 UTC/);
});

describe.skipIf(process.platform === "win32")("a machine on which a tool hardly runs", () => {
  const homeless = { HOME: undefined as unknown as string };
  const script = "#!/no/such/python3\n";
  const token = 'print({ accessToken: "T", expires_on: 4000000000 });';

  const identityOn = (env: Readonly<Record<string, string>>, config: IdentityConfig = {}) => {
    const identity = createIdentity({ config: false, plugins: [devTools], ...config }, { env });
    onTestFinished(() => identity.close());
    return identity.credential("azure-cli");
  };
  const failure = (result: Promise<unknown>) =>
    result.then(
      () => expect.fail("no error"),
      (error) => error,
    );

  it("a machine on which a tool hardly runs names the missing interpreter of a tool, and says to install it", async () => {
    const machine = createMachine();
    machine.install("az", "", script);
    const error = await failure(identityOn(machine.env).getToken(scope));
    expect(error).toMatchObject({ outcome: "not-installed", code: "not-installed" });
    expect(error.message).toMatch(
      /^azure-cli: .*bin\/az cannot be run: the program .* does not exist \(ENOENT\)\. Install the interpreter/,
    );
  });

  it("a machine on which a tool hardly runs gets a token for a user id without an account, when a folder is named", async () => {
    const machine = createMachine();
    machine.install("az", token);
    const noAccount = { ...machine.env, ...homeless };
    withoutAccount();
    expect((await identityOn({ ...noAccount, AZURE_CONFIG_DIR: machine.home }).getToken(scope)).token).toBe("T");
    const configured = { sources: { "azure-cli": { configDirectory: machine.home } } };
    expect((await identityOn(noAccount, configured).getToken(scope)).token).toBe("T");
  });

  it("a machine on which a tool hardly runs gets a token for a user id without an account and without a folder, when the tool has one", async () => {
    const machine = createMachine();
    machine.install("az", token);
    withoutAccount();
    expect((await identityOn({ ...machine.env, ...homeless }).getToken(scope)).token).toBe("T");
  });

  it("a machine on which a tool hardly runs advises to set HOME when the tool of such a user finds no sign-in", async () => {
    const machine = createMachine();
    machine.install("az", `fail("ERROR: Please run 'az login' to setup account.");`);
    withoutAccount();
    const error = await failure(identityOn({ ...machine.env, ...homeless }).getToken(scope));
    expect(error).toMatchObject({ outcome: "not-signed-in" });
    expect(error.message).toContain("set HOME");
    const below = { sources: { "azure-cli": { configDirectory: "~/one" } } };
    const refused = await failure(identityOn({ ...machine.env, ...homeless }, below).getToken(scope));
    expect(refused).toMatchObject({ outcome: "misconfigured", code: "invalid-config-directory" });
  });
});

/** From now on the system has no account of this user id, as in a container. */
function withoutAccount(): void {
  const os = process.getBuiltinModule("node:os");
  const { userInfo } = os;
  onTestFinished(() => void Object.assign(os, { userInfo }));
  const missing = () => {
    throw Object.assign(new Error("A system error occurred: uv_os_get_passwd returned ENOENT"), {
      name: "SystemError",
    });
  };
  Object.assign(os, { userInfo: missing });
}

it("a tool that a signal ended is not said to have an exit code", async () => {
  const machine = machineWith({ az: () => ({ exitCode: -1, stdout: "", stderr: "" }) });
  expect(await machine.ask("azure-cli")).toMatchObject({
    code: "tool-failed",
    message: expect.stringContaining("The Azure CLI was ended by a signal."),
  });
});
