import { describe, expect, it } from "vitest";
import type { OutcomeCode } from "../contract/error-code.ts";
import type { Attempt } from "../contract/walk.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { exhaustedError } from "./walk-errors.ts";

/** How one source of a situation ended. */
interface Ended {
  readonly kind?: Attempt["kind"];
  readonly state?: Attempt["state"];
  readonly outcome?: OutcomeCode;
  readonly isIncomplete?: boolean;
  /** What happened, and what to do. */
  readonly says: readonly [reason: string, remedy?: string];
}

type Situation = Readonly<Record<string, Ended>>;

const developer = "developer" as const;
const interactive = "interactive" as const;
const notInstalled = "not-installed" as const;
const notSignedIn = "not-signed-in" as const;

const absent = (reason: string, remedy?: string): Ended => ({
  says: remedy === undefined ? [reason] : [reason, remedy],
});
const incomplete = (reason: string, remedy: string): Ended => ({ isIncomplete: true, says: [reason, remedy] });
const missing = (reason: string, remedy: string): Ended => ({
  kind: developer,
  outcome: notInstalled,
  says: [reason, remedy],
});
const tool = (outcome: OutcomeCode, reason: string, remedy: string): Ended => ({
  kind: developer,
  state: "possible",
  outcome,
  says: [reason, remedy],
});
const relay = (outcome: OutcomeCode, reason: string, remedy: string): Situation => ({
  relay: { kind: developer, state: "ready", outcome, says: [reason, remedy] },
});

/** A machine on which nothing is set up, with all official sources. */
const laptop: Situation = {
  environment: absent("No AZURE_* variable names an identity."),
  "workload-identity": absent("AZURE_FEDERATED_TOKEN_FILE is not set."),
  "github-actions": absent("This is not a job of GitHub Actions."),
  "azure-pipelines": absent("This is not a job of Azure Pipelines."),
  "managed-identity": {
    outcome: "unreachable",
    says: ["169.254.169.254 does not answer.", "Outside of Azure, sign in with another source."],
  },
  "visual-studio-code": missing("There is no session bus.", "Run the program in a desktop session."),
  "azure-cli": missing("az is not on PATH.", "Install it from https://aka.ms/install-azure-cli, then run: az login"),
  "azure-powershell": missing("pwsh is not on PATH.", "Install it from https://aka.ms/x, then run: Connect-AzAccount"),
  "azure-developer-cli": missing("azd is not on PATH.", "Install it from https://aka.ms/azd, then run: azd auth login"),
  broker: missing("There is no session bus.", "Run the program in a desktop session."),
};

const guess = (outcome: OutcomeCode, says: Ended["says"]): Situation => ({
  "managed-identity": { state: "possible", outcome, says },
});
const onAzure = (outcome: OutcomeCode, says: Ended["says"]): Situation => ({
  "managed-identity": { state: "likely", outcome, says },
});
const github: Situation = {
  "github-actions": incomplete("The job may not request a token.", "Give the job `permissions: { id-token: write }`."),
};
const cliSignedOut: Situation = { "azure-cli": tool(notSignedIn, "No account is signed in.", "Run: az login") };
const azdSignedOut: Situation = { "azure-developer-cli": tool(notSignedIn, "No account.", "Run: azd auth login") };
const cliNeedsMfa: Situation = {
  "azure-cli": tool("interaction-required", "AADSTS50076.", "Run: az login --scope s/.default"),
};
const pod: Situation = {
  "workload-identity": incomplete("AZURE_FEDERATED_TOKEN_FILE is not set in this pod.", "Label the pod."),
};
const noIdentity: Ended["says"] = ["No identity is assigned to this machine.", "Assign one."];

/** What stands in a situation besides the laptop, and the line that says what to do. */
const situations: readonly (readonly [title: string, changes: Situation, line: string])[] = [
  ["nothing is set up", {}, "azure-cli: az is not on PATH. Install it"],
  [
    "a proxy answers in place of the metadata service",
    guess("failed", ["HTTP 403, and no JSON.", "Check the address."]),
    "azure-cli: az is not on PATH.",
  ],
  ["the metadata service refuses a guess", guess("rejected", ["HTTP 400.", "Assign one."]), "azure-cli: az is not on"],
  [
    "the metadata service is slow",
    guess("timeout", ["No answer in 3 s.", "Try again."]),
    "azure-cli: az is not on PATH.",
  ],
  ["the metadata service knows no identity", guess("not-configured", noIdentity), "managed-identity: No identity"],
  [
    "the metadata service knows no identity, and az is signed out",
    { ...guess("not-configured", noIdentity), ...cliSignedOut },
    "azure-cli: No account",
  ],
  [
    "the machine is another one than Azure's, and az is signed out",
    { "managed-identity": absent("Its chassis is of another maker.", "Sign in with another source."), ...cliSignedOut },
    "azure-cli: No account",
  ],
  ["az is signed out", cliSignedOut, "azure-cli: No account is signed in. Run: az login"],
  ["azd alone is installed, and signed out", azdSignedOut, "azure-developer-cli: No account. Run: azd auth login"],
  ["az and azd are signed out", { ...cliSignedOut, ...azdSignedOut }, "azure-cli: No account is signed in."],
  ["az needs another sign-in, azd is signed out", { ...cliNeedsMfa, ...azdSignedOut }, "azure-cli: AADSTS50076. Run"],
  [
    "az is signed out, pwsh needs another sign-in",
    { ...cliSignedOut, "azure-powershell": tool("interaction-required", "AADSTS50076.", "Run: Connect-AzAccount") },
    "azure-powershell: AADSTS50076. Run: Connect-AzAccount",
  ],
  [
    "az is broken, azd is signed out",
    { "azure-cli": tool("failed", "az failed.", "Run it in a terminal."), ...azdSignedOut },
    "azure-cli: az failed.",
  ],
  [
    "az hangs",
    { "azure-cli": tool("timeout", "az took too long.", "Run it in a terminal.") },
    "azure-cli: az took too",
  ],
  [
    "az has an old token",
    { "azure-cli": tool("failed", "It has expired.", "Check the clock.") },
    "azure-cli: It has exp",
  ],
  [
    "az refuses the tenant",
    { "azure-cli": tool("rejected", "Another tenant.", "az login -t t") },
    "azure-cli: Another",
  ],
  [
    "az is old",
    { "azure-cli": tool("misconfigured", "az is too old.", "Run: az upgrade") },
    "azure-cli: az is too old.",
  ],
  ["a job of GitHub lacks the permission", github, "github-actions: The job may not request a token. Give the job"],
  ["the same on a hosted runner, with az", { ...github, ...cliSignedOut }, "github-actions: The job may not request"],
  [
    "the same in Azure, without an identity",
    { ...github, ...onAzure("unreachable", ["No answer."]) },
    "github-actions: The job may not request a token.",
  ],
  [
    "a job of Azure Pipelines names no service connection",
    { "azure-pipelines": incomplete("The service connection is missing.", "Run the step in an AzureCLI@2 task.") },
    "azure-pipelines: The service connection is missing. Run the step",
  ],
  ["a pod has no label", pod, "workload-identity: AZURE_FEDERATED_TOKEN_FILE is not set in this pod. Label the pod."],
  ["a pod on AKS has no label", { ...pod, ...onAzure("unreachable", ["No answer."]) }, "workload-identity: AZURE_FED"],
  ["a machine in Azure has no identity", onAzure("not-configured", noIdentity), "managed-identity: No identity is"],
  ["a machine in Azure is silent", onAzure("unreachable", ["No answer.", "Start it."]), "managed-identity: No answer."],
  [
    "a machine in Azure is silent, and az is signed out",
    { ...onAzure("unreachable", ["No answer."]), ...cliSignedOut },
    "azure-cli: No account is signed in.",
  ],
  [
    "a secret is refused, where the policy goes on",
    { environment: { state: "ready", outcome: "rejected", says: ["AADSTS7000215.", "Give the secret's value."] } },
    "environment: AADSTS7000215. Give the secret's value.",
  ],
  [
    "variables of App Service lead nowhere, and az is signed out",
    {
      "managed-identity": { state: "ready", outcome: "unreachable", says: ["No answer.", "Start it."] },
      ...cliSignedOut,
    },
    "managed-identity: No answer. Start it.",
  ],
  [
    "a secret is refused in a job without the permission",
    { ...github, environment: { state: "ready", outcome: "rejected", says: ["AADSTS7000222.", "Renew it."] } },
    "environment: AADSTS7000222. Renew it.",
  ],
  [
    "variables name a relay that has ended, and az is signed out",
    { ...relay("unreachable", "127.0.0.1:41817 does not answer.", "Start it with: azid serve"), ...cliSignedOut },
    "relay: 127.0.0.1:41817 does not answer. Start it with: azid serve",
  ],
  [
    "variables name a relay with another key, and az is broken",
    { ...cliNeedsMfa, ...relay("misconfigured", "It refuses the key.", "Set AZIDENTITY_RELAY_KEY.") },
    "relay: It refuses the key. Set AZIDENTITY_RELAY_KEY.",
  ],
  [
    "a desktop without az has a broker that is signed out",
    { broker: tool(notSignedIn, "No account.", "Sign in to the system.") },
    "broker: No account. Sign in to the system.",
  ],
  [
    "a browser could open",
    {
      "interactive-browser": {
        kind: interactive,
        state: "possible",
        outcome: "interaction-required",
        says: ["It would prompt.", "Call authenticate()."],
      },
    },
    "interactive-browser: It would prompt.",
  ],
  [
    "a container has variables for nothing but a user-assigned identity",
    { environment: absent("Only AZURE_CLIENT_ID is set."), ...guess("unreachable", ["No answer.", "Start it."]) },
    "azure-cli: az is not on PATH.",
  ],
  [
    "there are applications alone, and nothing is set",
    {
      ...Object.fromEntries(Object.keys(laptop).map((name) => [name, undefined as unknown as Ended])),
      environment: absent("No variable."),
    },
    "environment: No variable. Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
  ],
];

function errorOf(situation: Situation): Error {
  const ended = Object.entries(situation).filter(([, one]) => one !== undefined);
  const steps = ended.map(
    ([source, { kind = "deployed", state = "absent", outcome = "not-configured", says, isIncomplete }]) => {
      const [reason, remedy] = says;
      const error = outcomeError(outcome, `${source}: ${reason}`, { remedy });
      const advice = remedy === undefined ? reason : `${reason} ${remedy}`;
      const attempt = { source, kind, state, outcome, code: error.code, ms: 1, reason: advice, remedy } as const;
      return { error, attempt, isIncomplete };
    },
  );
  return exhaustedError(steps);
}

describe("the likeliest cause", () => {
  it.each(situations)("is what a person can fix, where %s", (_, changes, line) => {
    const { message } = errorOf({ ...laptop, ...changes });
    const [first = "", ...others] = message.split("\n");
    expect(first).toContain(`Most likely: ${line}`);
    expect(others.length).toBeLessThan(12);
  });

  it("stands in at least thirty situations", () => expect(situations.length).toBeGreaterThanOrEqual(30));
});

it("Where a message would have more than twelve lines, sources of other platforms share one", () => {
  const names = ["relay", "exec", "sidecar", "azd-host"];
  const more = Object.fromEntries(names.map((name) => [name, absent("It is not configured.")]));
  const lines = errorOf({ ...laptop, ...more }).message.split("\n");
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.at(-1)).toBe(
    "  not configured here: environment, workload-identity, github-actions, azure-pipelines, relay, exec, sidecar, azd-host",
  );
  expect(lines.filter((line) => line.includes("azure-cli"))).toHaveLength(2);
});
