import { allSet, type Host, hostRequestTimeoutsMs, hostRetries } from "../host.ts";
import type { Env, Machine } from "../machine.ts";

/** What talks to the agent, for machines that have one. */
const agent = () => import("../arc-agent.ts");

/** The path of the agent's program, which exists on every machine that is connected to Arc. */
function agentProgram(env: Env, { platform }: Machine): string {
  if (platform !== "win32") return "/opt/azcmagent/bin/himds";
  return `${env.ProgramFiles ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`;
}

/**
 * Servers outside Azure that are connected to Azure Arc.
 * Source: https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export const azureArc: Host = {
  name: "azure-arc",
  requiredVariables: [],
  detect(env, machine) {
    const evidence = allSet(env, ["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"]);
    if (evidence !== undefined) return evidence;
    return machine.hasFile(agentProgram(env, machine)) ? "The Azure Connected Machine agent is installed." : undefined;
  },
  supportedIds: ["clientId", "objectId", "resourceId"],
  request: async (call) => (await agent()).tokenRequest(call),
  answerChallenge: async (challenge, challenged, call) => (await agent()).withKey(challenge, challenged, call),
  confirmIdentity: async (fields, call) => (await agent()).confirmIdentity(fields, call),
  parseError: () => undefined,
  requestTimeoutsMs: hostRequestTimeoutsMs,
  retries: hostRetries,
};
