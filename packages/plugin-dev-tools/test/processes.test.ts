import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { setImmediate as settle } from "node:timers/promises";
import { createIdentity, type IdentityConfig } from "@azidentity/core";
import type { IdentityError } from "@azidentity/core/plugin";
import { createFakeClock } from "@azidentity/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import devTools from "../src/index.ts";
import { azPrints, createMachine, type Machine } from "./script-tool.ts";

const scope = "https://vault.azure.net/.default";

function identityOn(machine: Pick<Machine, "env">, config: IdentityConfig = {}, overrides = {}) {
  const identity = createIdentity(
    { config: false, plugins: [devTools], ...config },
    { env: machine.env, ...overrides },
  );
  onTestFinished(() => identity.close());
  return identity;
}
const cliOn = (machine: Machine, options?: object, config?: IdentityConfig) =>
  identityOn(machine, config).credential("azure-cli", options);
const failure = (promise: Promise<unknown>): Promise<IdentityError> =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );

describe.skipIf(process.platform === "win32")("the source", () => {
  const tools = [
    ["azure-cli", "az", azPrints("T")],
    ["azure-powershell", "pwsh", 'print({ token: "T", expires_on: 4000000000 });'],
    ["azure-developer-cli", "azd", 'print({ token: "T", expiresOn: "2096-10-02T07:06:40Z" });'],
  ] as const;

  describe.each(tools)("%s", (source, program, script) => {
    const machineWithTool = (env: Readonly<Record<string, string>> = {}) => {
      const machine = createMachine();
      machine.install(program, script);
      /** The tenant that was passed to each run. */
      const tenants = () =>
        machine.runs().map(({ args, env: own }) => {
          const flag = args.findIndex((arg) => arg === "--tenant" || arg === "--tenant-id");
          return (flag < 0 ? undefined : args[flag + 1]) ?? own.AZIDENTITY_POWERSHELL_TENANT;
        });
      return { runs: machine.runs, env: { ...machine.env, ...env }, tenants };
    };

    it(`${source} refuses the tenant of a call that is not allowed`, async () => {
      const machine = machineWithTool();
      const strict = identityOn(machine, { tenantId: "contoso.com" }).credential(source);
      const asked = strict.getToken(scope, { tenantId: "evil.example" });
      expect(await failure(asked)).toMatchObject({ code: "tenant-not-allowed", outcome: "misconfigured" });
      expect(machine.runs()).toEqual([]);
      const config = { tenantId: "contoso.com", additionallyAllowedTenants: ["fabrikam.com"] };
      await identityOn(machine, config).credential(source).getToken(scope, { tenantId: "fabrikam.com" });
      await identityOn(machine).credential(source).getToken(scope, { tenantId: "fabrikam.com" });
      expect(machine.tenants()).toEqual(["fabrikam.com", "fabrikam.com"]);
    });

    it(`${source} ignores the tenant of a call where AZURE_IDENTITY_DISABLE_MULTITENANTAUTH is set`, async () => {
      const machine = machineWithTool({ AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "true" });
      const allowed = { additionallyAllowedTenants: ["*"] };
      await identityOn(machine, allowed).credential(source).getToken(scope, { tenantId: "fabrikam.com" });
      const config = { ...allowed, tenantId: "contoso.com" };
      await identityOn(machine, config).credential(source).getToken(scope, { tenantId: "fabrikam.com" });
      expect(machine.tenants()).toEqual([undefined, "contoso.com"]);
    });

    it(`${source} ignores AZURE_TENANT_ID, which names the tenant of a service principal`, async () => {
      const machine = machineWithTool({ AZURE_TENANT_ID: "contoso.com" });
      await identityOn(machine).credential(source).getToken(scope);
      expect(machine.tenants()).toEqual([undefined]);
    });

    it(`${source} ignores the tenant of the config with \`tenantId: null\``, async () => {
      const machine = machineWithTool({ AZURE_TENANT_ID: "contoso.com" });
      const config = { tenantId: "contoso.com", sources: { [source]: { tenantId: null } } } as const;
      const credential = identityOn(machine, config).credential(source);
      await credential.getToken(scope);
      await credential.getToken(scope, { tenantId: "fabrikam.com" });
      expect(machine.tenants()).toEqual([undefined, "fabrikam.com"]);
    });
  });
});

describe.skipIf(process.platform === "win32")("the command line", () => {
  const afterFlag = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1];

  it("the command line of az names the resource, and az runs without colours and prompts, outside the current directory", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    await cliOn(machine, { tenantId: "contoso.com" }).getToken(scope);
    const [run] = machine.runs();
    expect(run?.args).toEqual([
      ...["account", "get-access-token", "--output", "json"],
      ...["--resource", "https://vault.azure.net", "--tenant", "contoso.com"],
    ]);
    expect(run?.env).toMatchObject({
      AZURE_CORE_NO_COLOR: "true",
      AZURE_CORE_ONLY_SHOW_ERRORS: "true",
      HOME: machine.home,
    });
    expect(run?.env.AZURE_CONFIG_DIR).toBeUndefined();
    expect(run?.cwd).toBe("/");
  });

  it("the command line of az keeps a second slash, and passes other scopes than `/.default` unchanged", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    const credential = cliOn(machine);
    await credential.getToken("https://management.core.windows.net//.default");
    await credential.getToken("api://orders/read");
    const [first, second] = machine.runs().map(({ args }) => args);
    expect(afterFlag(first ?? [], "--resource")).toBe("https://management.core.windows.net/");
    expect(second).not.toContain("--resource");
    expect(afterFlag(second ?? [], "--scope")).toBe("api://orders/read");
  });

  it("the command line of az has a subscription or a tenant, never both", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    const given = { subscription: "Pay as you go", tenantId: "contoso.com" };
    const credential = cliOn(machine, given, { additionallyAllowedTenants: ["fabrikam.com"] });
    await credential.getToken(scope);
    await credential.getToken(scope, { tenantId: "fabrikam.com" });
    const [own, other] = machine.runs().map(({ args }) => args);
    expect(own?.slice(-2)).toEqual(["--subscription", "Pay as you go"]);
    expect(own).not.toContain("--tenant");
    expect(other?.slice(-2)).toEqual(["--tenant", "fabrikam.com"]);
    expect(other).not.toContain("--subscription");
  });

  it("the command line of azd passes several scopes, the tenant and claims", async () => {
    const machine = createMachine();
    machine.install("azd", 'print({ token: "T", expiresOn: "2096-10-02T07:06:40Z" });');
    const credential = identityOn(machine).credential("azure-developer-cli");
    await credential.getToken(["api://a/read", "api://a/write"], {
      tenantId: "contoso.com",
      claims: '{"access_token":{}}',
    });
    expect(machine.runs()[0]?.args).toEqual([
      ...["auth", "token", "--output", "json", "--no-prompt", "--scope", "api://a/read", "--scope", "api://a/write"],
      ...["--tenant-id", "contoso.com", "--claims", Buffer.from('{"access_token":{}}').toString("base64")],
    ]);
  });

  it("the command line of PowerShell contains a script without values, which are passed as variables", async () => {
    const machine = createMachine();
    machine.install("pwsh", 'print({ token: "T", expires_on: 4000000000 });');
    const credential = identityOn(machine).credential("azure-powershell", { configDirectory: "~/contoso" });
    await credential.getToken(scope, { tenantId: "contoso.com" });
    const [run] = machine.runs();
    expect(run?.args.slice(0, 5)).toEqual([
      "-NoProfile",
      "-NonInteractive",
      "-OutputFormat",
      "Text",
      "-EncodedCommand",
    ]);
    const script = Buffer.from(run?.args[5] ?? "", "base64").toString("utf16le");
    expect(script).toContain("Get-AzAccessToken");
    expect(script).not.toMatch(/vault|contoso/);
    expect(run?.env).toMatchObject({
      AZIDENTITY_POWERSHELL_RESOURCE: "https://vault.azure.net",
      AZIDENTITY_POWERSHELL_TENANT: "contoso.com",
      AZIDENTITY_POWERSHELL_CONTEXT: `${machine.home}/contoso/AzureRmContext.json`,
    });
  });

  it("the command line of powershell runs after pwsh when pwsh has no Az.Accounts", async () => {
    const machine = createMachine();
    machine.install("pwsh", 'fail("azidentity: no module Az.Accounts");');
    machine.install("powershell", 'print({ token: "T", expires_on: 4000000000 });');
    const credential = identityOn(machine).credential("azure-powershell");
    expect((await credential.getToken(scope)).token).toBe("T");
    expect(machine.runs()).toHaveLength(2);
  });
});

describe.skipIf(process.platform === "win32")("a command line is refused for", () => {
  it.each(["https://x;id/.default", "https://x/$(id)", "api://`id`/x", "-x/.default", "api://x/a|b", "api://x/é"])(
    "a command line is refused for the scope %s",
    async (bad) => {
      const machine = createMachine();
      machine.install("az", azPrints("T"));
      expect(await failure(cliOn(machine).getToken(bad))).toMatchObject({
        outcome: "misconfigured",
        code: "invalid-scope",
      });
      expect(machine.runs()).toEqual([]);
    },
  );

  it("a command line is refused for a scope that contains a space", async () => {
    const machine = createMachine();
    for (const program of ["az", "pwsh"]) machine.install(program, azPrints("T"));
    for (const name of ["azure-cli", "azure-powershell"]) {
      const error = await failure(identityOn(machine).credential(name).getToken("api://a/read api://a/write"));
      expect(error).toMatchObject({ outcome: "misconfigured", code: "invalid-scope" });
    }
    expect(machine.runs()).toEqual([]);
  });

  it("a command line is refused for a scope without `/.default` in PowerShell", async () => {
    const machine = createMachine();
    machine.install("pwsh", azPrints("T"));
    const error = await failure(identityOn(machine).credential("azure-powershell").getToken("api://a/read"));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "invalid-scope" });
  });

  it.each(["con'toso", 'con"toso', "-contoso", "--debug", "a\nb", "a b", "", "$(id)"])(
    "a command line is refused for the tenant %j",
    async (tenantId) => {
      const machine = createMachine();
      machine.install("az", azPrints("T"));
      const identity = identityOn(machine);
      const code = "invalid-tenant";
      expect(await failure(identity.credential("azure-cli", { tenantId }).getToken(scope))).toMatchObject({ code });
      expect(await failure(identity.credential("azure-cli").getToken(scope, { tenantId }))).toMatchObject({ code });
      expect(machine.runs()).toEqual([]);
    },
  );

  it.each([
    [{ subscription: 'a"b' }, "invalid-option"],
    [{ subscription: "--query x" }, "invalid-option"],
    [{ subscription: " a" }, "invalid-option"],
    [{ subscription: "a " }, "invalid-option"],
    [{ subscription: "🙂" }, "invalid-option"],
    [{ configDirectory: "accounts/one" }, "invalid-config-directory"],
    [{ processTimeoutInMs: 0 }, "invalid-option"],
    [{ processTimeoutInMs: -5 }, "invalid-option"],
  ])("a command line is refused for the options %j", async (options, code) => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    expect(await failure(cliOn(machine, options).getToken(scope))).toMatchObject({ outcome: "misconfigured", code });
    expect(machine.runs()).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a machine", () => {
  it("a machine without any tool starts no process, and the error tells how to install each tool", async () => {
    const started: string[] = [];
    const run = (file: string) => Promise.reject(new Error(String(started.push(file))));
    const commands = { find: () => undefined, run };
    const error = await failure(identityOn(createMachine(), {}, { commands }).getToken(scope));
    expect(error).toMatchObject({ code: "no-credential-available" });
    expect(started).toEqual([]);
    for (const hint of [
      "Most likely: azure-cli: The Azure CLI (az) is not on PATH. Install it from https://aka.ms/install-azure-cli, then run: az login",
      "azure-powershell: not-installed - Azure PowerShell (pwsh, powershell) is not on PATH. Install it from https://aka.ms/install-powershell, then run: Install-Module Az.Accounts",
      "azure-developer-cli: not-installed - The Azure Developer CLI (azd) is not on PATH. Install it from https://aka.ms/azd-install, then run: azd auth login",
    ])
      expect(error.message).toContain(hint);
  });

  it("a machine treats a tool that is not executable as not installed", async () => {
    const machine = createMachine();
    chmodSync(machine.install("az", azPrints("T")), 0o644);
    expect(await failure(cliOn(machine).getToken(scope))).toMatchObject({ code: "not-installed" });
  });

  it("a machine skips the current directory and unreadable folders in PATH", async () => {
    const machine = createMachine();
    const file = machine.install("az", azPrints("T"));
    const locked = join(machine.home, "locked");
    mkdirSync(locked, { mode: 0o000 });
    const here = relative(process.cwd(), join(file, ".."));
    const alone = { env: { ...machine.env, PATH: `.:${here}:${locked}` } };
    expect(await failure(identityOn(alone).credential("azure-cli").getToken(scope))).toMatchObject({
      code: "not-installed",
    });
    const both = { env: { ...machine.env, PATH: `.:${locked}:${machine.env.PATH}` } };
    expect((await identityOn(both).credential("azure-cli").getToken(scope)).token).toBe("T");
  });
});

describe.skipIf(process.platform === "win32")("a tool that misbehaves", () => {
  it("a tool that misbehaves fails the acquisition when it prints a hundred megabytes", async () => {
    const machine = createMachine();
    machine.install(
      "az",
      'const more = (n) => n > 0 && process.stdout.write("x".repeat(1e6), () => more(n - 1)); more(100);',
    );
    expect(await failure(cliOn(machine).getToken(scope))).toMatchObject({ code: "output-too-large" });
  });

  it("a tool that misbehaves fails the acquisition when it prints an expired token", async () => {
    const machine = createMachine();
    machine.install("az", 'print({ accessToken: "T", expires_on: 1000000000 });');
    expect(await failure(cliOn(machine).getToken(scope))).toMatchObject({ outcome: "failed", code: "invalid-token" });
  });

  it.each([
    ["azure-cli", "az"],
    ["azure-developer-cli", "azd"],
    ["azure-powershell", "pwsh"],
  ])("a tool that misbehaves is ended with all its child processes when it hangs: %s", async (name, program) => {
    const machine = createMachine();
    const server = net.createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const grandchild = `require("node:net").connect(${port}, "127.0.0.1").on("error", () => {}).on("close", () => process.exit())`;
    machine.install(
      program,
      `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); setInterval(() => {}, 1e6);`,
    );
    const clock = createFakeClock();
    const identity = identityOn(machine, { sources: { [name]: { processTimeoutInMs: 5_000 } } }, { clock });
    const failed = failure(identity.credential(name).getToken(scope));
    const [socket] = await once(server, "connection");
    const gone = once(
      socket.on("error", () => undefined),
      "close",
    );
    await clock.advance(5_000);
    expect(await failed).toMatchObject({ outcome: "timeout", code: "timeout" });
    await gone;
  });

  it("a tool that misbehaves is ended after the time in AZIDENTITY_AZURE_CLI_TIMEOUT_MS", async () => {
    const machine = createMachine();
    machine.install("az", "setInterval(() => {}, 1e6);");
    const clock = createFakeClock();
    const env = { ...machine.env, AZIDENTITY_AZURE_CLI_TIMEOUT_MS: "1000" };
    const identity = identityOn({ env }, { sources: { "azure-cli": { processTimeoutInMs: 60_000 } } }, { clock });
    const failed = failure(identity.credential("azure-cli").getToken(scope));
    while (machine.runs().length === 0) await settle();
    await clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "timeout" });
  });

  it("a tool that misbehaves is not run for claims that it does not support, and the error has the command to type", async () => {
    const machine = createMachine();
    for (const program of ["az", "pwsh"]) machine.install(program, azPrints("T"));
    const claims = '{"access_token":{"nbf":{"value":"1"}}}';
    const base64 = Buffer.from(claims).toString("base64");
    const identity = identityOn(machine);
    const ask = (name: string) =>
      failure(identity.credential(name).getToken(scope, { claims, tenantId: "contoso.com" }));
    expect(await ask("azure-cli")).toMatchObject({
      outcome: "interaction-required",
      code: "claims-challenge",
      claims,
      remedy: `Run: az login --claims-challenge ${base64} --scope ${scope} --tenant contoso.com`,
    });
    expect(await ask("azure-powershell")).toMatchObject({
      code: "claims-challenge",
      remedy: `Run: Connect-AzAccount -ClaimsChallenge ${base64} -Tenant contoso.com`,
    });
    expect(machine.runs()).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("many callers", () => {
  it("many callers share one process, and later ones start none", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    const identity = identityOn(machine);
    await Promise.all(Array.from({ length: 100 }, () => identity.getToken(scope)));
    for (let call = 0; call < 6; call++) await identity.getToken(scope);
    expect(machine.runs()).toHaveLength(1);
  });

  it("many callers get their tokens although the first of fifty aborts", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    const credential = cliOn(machine);
    const controller = new AbortController();
    const first = failure(credential.getToken(scope, { abortSignal: controller.signal }));
    const others = Array.from({ length: 49 }, () =>
      credential.getToken(scope, { abortSignal: new AbortController().signal }),
    );
    controller.abort();
    expect(await first).toMatchObject({ name: "AbortError" });
    expect((await Promise.all(others)).every(({ token }) => token === "T")).toBe(true);
    expect(machine.runs()).toHaveLength(1);
  });

  it("many callers with different scopes run the tool one after the other", async () => {
    const machine = createMachine();
    machine.install(
      "az",
      `const lock = ${JSON.stringify(join(machine.home, "lock"))};
       require("node:fs").mkdirSync(lock); ${azPrints("T")} require("node:fs").rmdirSync(lock);`,
    );
    const credential = cliOn(machine);
    await Promise.all(Array.from({ length: 4 }, (_, n) => credential.getToken(`api://app-${n}/.default`)));
    expect(machine.runs()).toHaveLength(4);
  });

  it("many callers run the tool each time with `cache: false`", async () => {
    const machine = createMachine();
    machine.install("az", azPrints("T"));
    const identity = identityOn(machine, { sources: { "azure-cli": { cache: false } } });
    for (let call = 0; call < 3; call++) await identity.getToken(scope);
    expect(machine.runs()).toHaveLength(3);
  });
});

describe.skipIf(process.platform === "win32")("the account of a tool", () => {
  /** An az whose tokens are named after the signed-in user. */
  const azOf = (machine: Machine, account = "ann") => {
    const whose = `require("node:fs").readFileSync((process.env.AZURE_CONFIG_DIR ?? process.env.HOME + "/.azure") + "/azureProfile.json", "utf8")`;
    machine.install("az", `print({ accessToken: ${whose}, expires_on: 4000000000 });`);
    machine.write(".azure/azureProfile.json", account);
  };

  it("the account of a tool is read again at the next call after it changes on disk, also when it changes back", async () => {
    const machine = createMachine();
    azOf(machine);
    const identity = identityOn(machine);
    const text = async (of = scope) => (await identity.getToken(of)).token;
    expect([await text(), await text()]).toEqual(["ann", "ann"]);
    machine.write(".azure/azureProfile.json", "bernard");
    expect([await text(), await text(), await text("api://x/.default")]).toEqual(["bernard", "bernard", "bernard"]);
    machine.write(".azure/azureProfile.json", "ann");
    expect(await text()).toBe("ann");
    machine.write(".azure/clouds.config", "[AzureCloud]");
    await text();
    expect(machine.runs()).toHaveLength(5);
  });

  it("the account of a tool may be in a folder per project, and alternating calls never mix accounts", async () => {
    const machine = createMachine();
    azOf(machine);
    machine.write("one/azureProfile.json", "carla");
    machine.write("two/azureProfile.json", "dario");
    const of = (configDirectory: string) => identityOn(machine, { sources: { "azure-cli": { configDirectory } } });
    const [one, two] = [of("~/one"), of(join(machine.home, "two"))];
    for (let call = 0; call < 3; call++) {
      expect((await one.getToken(scope)).token).toBe("carla");
      expect((await two.getToken(scope)).token).toBe("dario");
    }
    expect(machine.runs()).toHaveLength(2);
  });

  it("the account of a tool is not cached when its file disappears during the run", async () => {
    const machine = createMachine();
    azOf(machine);
    const profile = join(machine.home, ".azure/azureProfile.json");
    machine.install("az", `require("node:fs").rmSync(${JSON.stringify(profile)}, { force: true }); ${azPrints("T")}`);
    const identity = identityOn(machine);
    for (let call = 0; call < 3; call++) expect((await identity.getToken(scope)).token).toBe("T");
    expect(machine.runs()).toHaveLength(2); // the second found no file, before and after
  });

  it("the account of a tool fails with the command to sign in after the sign-out", async () => {
    const machine = createMachine();
    azOf(machine);
    const identity = identityOn(machine);
    await identity.getToken(scope);
    rmSync(join(machine.home, ".azure/azureProfile.json"));
    machine.install("az", `fail("ERROR: Please run 'az login' to setup account.");`);
    const error = await failure(identity.getToken(scope));
    expect(error.message).toContain("Run: az login");
  });

  it("the account of a tool is refused before az runs when it belongs to another cloud, and the error names both clouds", async () => {
    const machine = createMachine();
    azOf(machine);
    machine.write(".azure/config", "[core]\nname = x\n[cloud]\nname = AzureChinaCloud\n");
    const error = await failure(cliOn(machine).getToken(scope));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "other-cloud" });
    expect(error.message).toContain("AzureChinaCloud");
    expect(error.message).toContain("AzureCloud (login.microsoftonline.com)");
    expect(error.message).toContain("az cloud set --name AzureCloud");
    expect(machine.runs()).toEqual([]);
    const china = identityOn(machine, { cloud: "china" }).credential("azure-cli");
    expect((await china.getToken(scope)).token).toBe("ann");
  });

  it("the account of a tool is compared by its authority when the user registered its cloud", async () => {
    const machine = createMachine();
    azOf(machine);
    machine.write(".azure/config", "[cloud]\nname = Stack\n");
    machine.write(".azure/clouds.config", "[Stack]\nendpoint_active_directory = https://login.stack.example/adfs\n");
    expect(await failure(cliOn(machine).getToken(scope))).toMatchObject({ code: "other-cloud" });
    const config = { authorityHost: "https://login.stack.example" };
    expect((await identityOn(machine, config).credential("azure-cli").getToken(scope)).token).toBe("ann");
  });

  it("the account of a tool is refused when azd is set to another cloud", async () => {
    const machine = createMachine();
    machine.install("azd", 'print({ token: "T", expiresOn: "2096-10-02T07:06:40Z" });');
    machine.write(".azd/config.json", '{"cloud":{"name":"AzureUSGovernment"}}');
    const credential = identityOn(machine).credential("azure-developer-cli");
    expect(await failure(credential.getToken(scope))).toMatchObject({ code: "other-cloud" });
  });

  it("the account of a tool is refused when its subscription belongs to another tenant than the configured one", async () => {
    const machine = createMachine();
    const [own, other] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
    machine.install("az", `print({ accessToken: "T", expires_on: 4000000000, tenant: "${other}" });`);
    const credential = cliOn(machine, { subscription: "mine", tenantId: own });
    expect(await failure(credential.getToken(scope))).toMatchObject({ outcome: "misconfigured", code: "other-tenant" });
  });
});
