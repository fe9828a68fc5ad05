import { vi } from "vitest";
import { compare, type Row } from "./compare.ts";
import { fabrikam, otherScope, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import type { FakeAnswer } from "./fake-tools.ts";
import type { ClassName, World } from "./world.ts";

const unavailable = "CredentialUnavailableError";
const seconds = 4_000_000_000;
const iso = new Date(seconds * 1000).toISOString();
const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1" } } });
const encoded = Buffer.from(claims).toString("base64");

/** A tool, its credential, and how it prints a token. */
interface Tool {
  readonly program: string;
  readonly name: ClassName;
  readonly signedIn: FakeAnswer;
}
const az: Tool = {
  program: "az",
  name: "AzureCliCredential",
  signedIn: { stdout: { accessToken: "token-of-az", expiresOn: "2096-10-02 07:06:40.000000", expires_on: seconds } },
};
const azd: Tool = {
  program: "azd",
  name: "AzureDeveloperCliCredential",
  signedIn: { stdout: { token: "token-of-azd", expiresOn: iso } },
};
const pwsh: Tool = {
  program: "pwsh",
  name: "AzurePowerShellCredential",
  signedIn: { stdout: { Token: "token-of-pwsh", ExpiresOn: iso } },
};
const tools = [az, azd, pwsh];

type TokenOptions = Readonly<Record<string, unknown>>;

/** A call with a tool that answers in this way; without an answer it is not installed. */
function call(
  { program, name }: Tool,
  answer: FakeAnswer | undefined,
  options?: object,
  scopes: string | readonly string[] = scope,
  tokenOptions?: TokenOptions,
) {
  return (world: World) => {
    if (answer !== undefined) world.install(program, answer);
    return world.create(name, ...(options ? [options] : [])).getToken(scopes, tokenOptions);
  };
}
type Call = ReturnType<typeof call>;

/** The arguments of the run that asked for a token. */
const argsOf = (use: Call) => async (world: World) => {
  await use(world);
  return world.tools.runs().at(-1)?.args;
};
/** The text of a token, or the name of the error. */
const outcomeOf = (token: Promise<{ readonly token: string }>): Promise<string> =>
  token.then(
    (result) => result.token,
    (error: Error) => error.name,
  );
const failureOf = (use: Call) => (world: World) => world.failure(() => use(world));

const row = (behaviour: string, run: Row["run"], expected: unknown): Row => ({
  behaviour,
  run,
  expected,
  fresh: behaviour.startsWith("AzurePowerShell"),
});

const common = tools.flatMap((tool): Row[] => {
  const { name, signedIn, program } = tool;
  const ok = (...rest: [object?, (string | readonly string[])?, TokenOptions?]) => call(tool, signedIn, ...rest);
  return [
    row(`${name} returns the tool's token`, ok(), {
      token: `token-of-${program}`,
      expiresOnTimestamp: seconds * 1000,
      tokenType: "Bearer",
    }),
    row(
      `${name} refuses a scope with a semicolon and runs nothing`,
      async (world) => [await failureOf(ok({}, "https://a;rm/.default"))(world), world.tools.runs().length],
      [failure(unavailable, "invalid scope"), 0],
    ),
    row(
      `${name} refuses a scope with a space and runs nothing`,
      async (world) => [await failureOf(ok({}, "a b/.default"))(world), world.tools.runs().length],
      [failure(unavailable, "invalid scope"), 0],
    ),
    row(
      `${name} refuses a tenant of a request that is none`,
      failureOf(ok({}, scope, { tenantId: "a b" })),
      failure("Error", "invalid tenant id"),
    ),
    row(
      `${name} refuses a tenant beside its own`,
      failureOf(ok({ tenantId: "one" }, scope, { tenantId: "two" })),
      failure(unavailable, "not configured to acquire tokens for tenant two"),
    ),
    row(
      `${name} accepts a tenant of additionallyAllowedTenants`,
      async (world) =>
        (await ok({ tenantId: "one", additionallyAllowedTenants: ["two"] }, scope, { tenantId: "two" })(world)).token,
      `token-of-${program}`,
    ),
    row(
      `${name} takes options of undefined as none`,
      async (world) =>
        (await ok({ tenantId: undefined, processTimeoutInMs: undefined }, [scope], { tenantId: undefined })(world))
          .token,
      `token-of-${program}`,
    ),
    row(
      `${name} ends a tool that takes longer than processTimeoutInMs`,
      async (world) => {
        world.install(program, { ...signedIn, hang: true });
        const result = await world.failure(() => world.create(name, { processTimeoutInMs: 40 }).getToken(scope));
        return typeof result === "object" && result.name;
      },
      unavailable,
    ),
    row(
      `${name} is unavailable where the output is empty`,
      async (world) => {
        const result = await failureOf(call(tool, {}))(world);
        return typeof result === "object" && result.name;
      },
      unavailable,
    ),
    row(
      `${name} is unavailable where the output is no JSON`,
      async (world) => {
        const result = await failureOf(call(tool, { stdout: "hello" }))(world);
        return typeof result === "object" && result.name;
      },
      unavailable,
    ),
  ];
});

const endsTheCall = "end the call";
const signals: readonly Row[] = [
  ...tools.map((tool) => ({
    ...row(
      `${tool.name} with a signal that is aborted already`,
      async (world) => {
        const abortSignal = AbortSignal.abort();
        const use = call(tool, tool.signedIn, {}, scope, { abortSignal });
        return [await outcomeOf(use(world)), world.tools.runs().length > 0];
      },
      [`token-of-${tool.program}`, true],
    ),
    ours: { expected: ["AbortError", false], documented: endsTheCall },
  })),
  {
    behaviour: "Credentials of developer tools with a signal that is aborted while the tools run",
    async run(world) {
      const controller = new AbortController();
      const tokens = tools.map(({ name, program }) => {
        world.install(program, { hang: true });
        const credential = world.create(name, { processTimeoutInMs: 3_000 });
        return outcomeOf(credential.getToken(scope, { abortSignal: controller.signal }));
      });
      const running = () =>
        new Set(world.tools.runs().flatMap(({ program, args }) => (args[0] === "/?" ? [] : program)));
      await vi.waitUntil(() => running().size === tools.length, 30_000);
      controller.abort();
      return Promise.all(tokens);
    },
    expected: [unavailable, unavailable, unavailable],
    ours: { expected: ["AbortError", "AbortError", "AbortError"], documented: endsTheCall },
    fresh: true,
  },
];

const warned = [az, azd].map((tool) =>
  row(
    `${tool.name} ignores warnings beside the token`,
    async (world) => (await call(tool, { ...tool.signedIn, stderr: "WARNING: old\n" })(world)).token,
    `token-of-${tool.program}`,
  ),
);

const azArgs = ["account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"];
const azRows: readonly Row[] = [
  row("AzureCliCredential asks az for the resource of the scope", argsOf(call(az, az.signedIn)), azArgs),
  row("AzureCliCredential takes the only scope of an array", argsOf(call(az, az.signedIn, {}, [scope])), azArgs),
  row("AzureCliCredential asks for the tenant of its options", argsOf(call(az, az.signedIn, { tenantId: "one" })), [
    ...azArgs,
    "--tenant",
    "one",
  ]),
  row(
    "AzureCliCredential asks for the tenant of a request",
    argsOf(call(az, az.signedIn, {}, scope, { tenantId: fabrikam })),
    [...azArgs, "--tenant", fabrikam],
  ),
  row(
    "AzureCliCredential asks for the subscription of its options",
    argsOf(call(az, az.signedIn, { subscription: "My subscription 1" })),
    [...azArgs, "--subscription", "My subscription 1"],
  ),
  row(
    "AzureCliCredential asks for a scope without /.default as it is",
    argsOf(call(az, az.signedIn, {}, "https://vault.azure.net")),
    azArgs,
  ),
  row(
    "AzureCliCredential reads expiresOn where there is no expires_on",
    async (world) =>
      (await call(az, { stdout: { accessToken: "t", expiresOn: "2090-01-02T03:04:05Z" } })(world)).expiresOnTimestamp,
    Date.parse("2090-01-02T03:04:05Z"),
  ),
  row(
    "AzureCliCredential reads the local time of expiresOn",
    async (world) =>
      (await call(az, { stdout: { accessToken: "t", expiresOn: "2090-01-02 03:04:05.000000" } })(world))
        .expiresOnTimestamp,
    new Date("2090-01-02 03:04:05").getTime(),
  ),
  row(
    "AzureCliCredential reads expires_on as text",
    async (world) =>
      (await call(az, { stdout: { accessToken: "t", expires_on: `${seconds}` } })(world)).expiresOnTimestamp,
    seconds * 1000,
  ),
  row(
    "AzureCliCredential is unavailable where expiresOn is no date",
    failureOf(call(az, { stdout: { accessToken: "t", expiresOn: "tomorrow" } })),
    failure(unavailable, "Unexpected response from Azure CLI", "expiresOn"),
  ),
  row(
    "AzureCliCredential is unavailable where az is not installed",
    failureOf(call(az, undefined)),
    failure(unavailable, "Azure CLI could not be found", "https://aka.ms/azure-cli", "az login"),
  ),
  row(
    "AzureCliCredential is unavailable where a shell does not find az",
    failureOf(call(az, { stderr: "az: command not found", exitCode: 127 })),
    failure(unavailable, "Azure CLI could not be found"),
  ),
  row(
    "AzureCliCredential is unavailable where no user has signed in",
    failureOf(call(az, { stderr: "ERROR: Please run 'az login' to setup account.\n", exitCode: 1 })),
    failure(unavailable, "Please run 'az login'", "authenticate"),
  ),
  row(
    "AzureCliCredential quotes what az says otherwise",
    failureOf(
      call(az, { stderr: "ERROR: The subscription of 'x' doesn't exist in cloud 'AzureCloud'.\n", exitCode: 1 }),
    ),
    failure(unavailable, "The subscription of 'x' doesn't exist"),
  ),
  row(
    "AzureCliCredential quotes the sign-in with scopes that az asks for",
    failureOf(
      call(az, {
        stderr: "AADSTS50076: use multi-factor. Run:\naz login --scope https://vault.azure.net/.default\n",
        exitCode: 1,
      }),
    ),
    failure(unavailable, "az login --scope https://vault.azure.net/.default"),
  ),
  row(
    "AzureCliCredential answers a claims challenge with the sign-in that it needs",
    async (world) => [await failureOf(call(az, az.signedIn, {}, scope, { claims }))(world), world.tools.runs().length],
    [failure(unavailable, "claims challenges", `az login --claims-challenge ${encoded} --scope ${scope}`), 0],
  ),
  row(
    "AzureCliCredential names the tenant of a claims challenge",
    failureOf(call(az, az.signedIn, {}, scope, { claims, tenantId: "one" })),
    failure(unavailable, `az login --claims-challenge ${encoded}`, "--tenant one"),
  ),
  row(
    "AzureCliCredential takes claims of spaces as none",
    async (world) => (await call(az, az.signedIn, {}, scope, { claims: "  " })(world)).token,
    "token-of-az",
  ),
];

const azdArgs = ["auth", "token", "--output", "json", "--no-prompt", "--scope", scope];
const azdRows: readonly Row[] = [
  row("AzureDeveloperCliCredential asks azd for the scope", argsOf(call(azd, azd.signedIn)), azdArgs),
  row(
    "AzureDeveloperCliCredential asks for every scope",
    async (world) => (await argsOf(call(azd, azd.signedIn, {}, [scope, otherScope]))(world))?.slice(-4).sort(),
    ["--scope", "--scope", otherScope, scope].sort(),
  ),
  row(
    "AzureDeveloperCliCredential asks for the tenant of its options",
    argsOf(call(azd, azd.signedIn, { tenantId: "one" })),
    [...azdArgs, "--tenant-id", "one"],
  ),
  row(
    "AzureDeveloperCliCredential asks for the tenant of a request",
    argsOf(call(azd, azd.signedIn, {}, scope, { tenantId: fabrikam })),
    [...azdArgs, "--tenant-id", fabrikam],
  ),
  row("AzureDeveloperCliCredential hands claims over", argsOf(call(azd, azd.signedIn, {}, scope, { claims })), [
    ...azdArgs,
    "--claims",
    encoded,
  ]),
  row(
    "AzureDeveloperCliCredential is unavailable where azd is not installed",
    failureOf(call(azd, undefined)),
    failure(unavailable, "Azure Developer CLI", "couldn't be found"),
  ),
  ...["not logged in, run `azd auth login` to login", "not logged in, run `azd login` to login"].map((stderr) =>
    row(
      `AzureDeveloperCliCredential is unavailable where azd says ${stderr}`,
      failureOf(call(azd, { stderr: `ERROR: ${stderr}\n`, exitCode: 1 })),
      failure(unavailable, "azd auth login"),
    ),
  ),
  row(
    "AzureDeveloperCliCredential names the sign-in that a second factor needs",
    failureOf(call(azd, { stderr: "AADSTS50076: you must use multi-factor authentication to access\n", exitCode: 1 })),
    failure(unavailable, `azd auth login --scope ${scope}`),
  ),
  row(
    "AzureDeveloperCliCredential quotes what azd says otherwise",
    failureOf(call(azd, { stderr: "something broke\n", exitCode: 1 })),
    failure(unavailable, "something broke"),
  ),
  row(
    "AzureDeveloperCliCredential quotes the message of azd's JSON",
    failureOf(
      call(azd, {
        stderr: `{"type":"consoleMessage","data":{"message":"\\nERROR: fetching token: no\\n"}}\n`,
        exitCode: 1,
      }),
    ),
    failure(unavailable, "fetching token: no"),
  ),
  row(
    "AzureDeveloperCliCredential quotes the error of azd's JSON",
    failureOf(call(azd, { stderr: `{"error":"token expired"}\n`, exitCode: 1 })),
    failure(unavailable, "token expired"),
  ),
];

const pwshRows: readonly Row[] = [
  row(
    "AzurePowerShellCredential runs one command without profile and questions",
    async (world) => {
      await call(pwsh, pwsh.signedIn)(world);
      const { args = [] } = world.tools.runs().at(-1) ?? {};
      const command = args.at(-1) ?? "";
      const script = args.includes("-EncodedCommand") ? Buffer.from(command, "base64").toString("utf16le") : command;
      return { args: args.slice(0, 2), asks: script.includes("Get-AzAccessToken"), names: script.includes(scope) };
    },
    { args: ["-NoProfile", "-NonInteractive"], asks: true, names: false },
  ),
  row(
    "AzurePowerShellCredential finds the token between other lines",
    async (world) =>
      (await call(pwsh, { stdout: `WARNING: old\n${JSON.stringify(pwsh.signedIn.stdout)}\nbye` })(world)).token,
    "token-of-pwsh",
  ),
  row(
    "AzurePowerShellCredential is unavailable where pwsh is not installed",
    failureOf(call(pwsh, undefined)),
    failure(unavailable, "PowerShell", "installed"),
  ),
  row(
    "AzurePowerShellCredential is unavailable where no user has signed in",
    failureOf(call(pwsh, { stderr: "Run Connect-AzAccount to login.", exitCode: 1 })),
    failure(unavailable, "Please run 'Connect-AzAccount' from PowerShell to authenticate"),
  ),
  ...tools.map((tool) =>
    row(
      `${tool.name} takes a processTimeoutInMs of null or 0 for none`,
      async (world) => [
        (await call(tool, tool.signedIn, { processTimeoutInMs: null })(world)).token,
        (await call(tool, tool.signedIn, { processTimeoutInMs: 0 })(world)).token,
      ],
      [`token-of-${tool.program}`, `token-of-${tool.program}`],
    ),
  ),
  row(
    "AzurePowerShellCredential is unavailable without its module",
    failureOf(
      call(pwsh, {
        stderr:
          "The specified module 'Az.Accounts' with version '2.2.0' was not loaded because no valid module file was found in any module directory.",
        exitCode: 1,
      }),
    ),
    failure(unavailable, "Az.Account", "2.2.0", "Install-Module -Name Az"),
  ),
  row(
    "AzurePowerShellCredential is unavailable where the output has no token",
    failureOf(call(pwsh, { stdout: { Other: 1 } })),
    failure(unavailable, "https://aka.ms/azsdk/js/identity/powershellcredential/troubleshoot"),
  ),
  row(
    "AzurePowerShellCredential answers a claims challenge with the sign-in that it needs",
    failureOf(call(pwsh, pwsh.signedIn, {}, scope, { claims, tenantId: "one" })),
    failure(unavailable, `Connect-AzAccount -ClaimsChallenge ${encoded}`, "-Tenant one"),
  ),
];

compare("Developer tools", [...common, ...signals, ...warned, ...azRows, ...azdRows, ...pwshRows]);
