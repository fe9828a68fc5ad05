import type { CommandInput } from "../command-line/description.ts";
import { usageError } from "../errors/command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import type { Delivery, Settled } from "./delivery.ts";
import { dockerCredential, notFound, registryHost, registryPassword, registryScope } from "./docker.ts";
import { aksScope, execCredential, execVersionOf } from "./exec-credential.ts";
import { env, header, raw, variableName } from "./formats.ts";
import { devOpsScope, gitCredential, isForGit, readAttributes } from "./git.ts";
import { listedHosts } from "./listed-hosts.ts";
import { npmLines, npmRegistries } from "./npm.ts";
import { readInput } from "./read-input.ts";

type Deliver = (input: CommandInput, host: Host) => Delivery | Settled | Promise<Delivery | Settled>;

/** The action of a credential helper; `get` alone needs a token. */
function actionOf({ arguments: [action = "get"] }: CommandInput, actions: readonly string[]): string {
  if (actions.includes(action)) return action;
  throw usageError(
    `${JSON.stringify(action)} is no action of a credential helper.`,
    `It is one of: ${actions.join(", ")}.`,
  );
}

function variableOf({ options: { variable } }: CommandInput): string {
  const name = typeof variable === "string" ? variable : "AZURE_ACCESS_TOKEN";
  if (variableName.test(name)) return name;
  throw usageError(`${JSON.stringify(name)} is no name of a variable.`, "Use letters, digits and _.");
}

/** A helper of git: what it does not have is asked elsewhere, so an empty answer is no error. */
const git: Deliver = async (input, host) => {
  const action = actionOf(input, ["get", "store", "erase"]);
  const hosts = listedHosts(input.options.host, "git");
  const attributes = readAttributes(await readInput(host));
  if (action !== "get" || !isForGit(attributes, hosts)) return { settled: {} };
  return { ask: { scopes: [devOpsScope] }, print: gitCredential };
};

/** A helper of docker. */
const docker: Deliver = async (input, host) => {
  const action = actionOf(input, ["get", "store", "erase", "list"]);
  const hosts = listedHosts(input.options.host, "docker");
  if (action === "list") return { settled: { text: "{}\n" } };
  const server = await readInput(host);
  if (action !== "get") return { settled: {} };
  const registry = registryHost(server, hosts);
  if (registry === undefined) return { settled: { text: `${notFound}\n`, code: exitCodes.failed.code } };
  return {
    ask: { scopes: [registryScope] },
    print: async ({ token }, identity) =>
      dockerCredential(server, await registryPassword(registry, token, identity, host.signal)),
  };
};

/** The formats of `--as`. */
export const deliveries = {
  raw: () => ({ print: raw }),
  json: async (_, host) => (await import("./json.ts")).jsonDelivery(host),
  header: () => ({ print: header }),
  env: (input) => {
    const variable = variableOf(input);
    return { print: (token) => env(token, variable) };
  },
  "exec-credential": (_, { environment }) => {
    const version = execVersionOf(environment.KUBERNETES_EXEC_INFO);
    return { ask: { scopes: [aksScope] }, print: (token) => execCredential(token, version) };
  },
  git,
  docker,
  npm: ({ options }) => {
    const registries = npmRegistries(options.host);
    return { ask: { scopes: [devOpsScope] }, print: (token) => npmLines(token, registries) };
  },
} as const satisfies Readonly<Record<string, Deliver>>;

/** A value of `--as`. */
export type Format = keyof typeof deliveries;
