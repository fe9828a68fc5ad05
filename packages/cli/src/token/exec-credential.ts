import type { AccessToken } from "@azidentity/core";
import { CommandError } from "../errors/command-error.ts";
import { plainJson } from "../terminal/plain-text.ts";

/** The server application of Azure Kubernetes Service in every tenant of the public cloud. */
export const aksScope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;

function wrong(problem: string): CommandError {
  return new CommandError("exec-info", `KUBERNETES_EXEC_INFO ${problem}.`, {
    remedy: "It is set by kubectl and other clients of Kubernetes; run azid from one, or without the variable.",
    exit: "usage",
  });
}

/**
 * The version of the API that a client asks for; the newest one where it does not say.
 *
 * @param info the variable KUBERNETES_EXEC_INFO
 * @throws {CommandError} `exec-info`
 */
export function execVersionOf(info: string | undefined): string {
  if (info === undefined || info.trim() === "") return versions[0];
  let read: { readonly apiVersion?: unknown; readonly kind?: unknown };
  try {
    read = Object(JSON.parse(info));
  } catch {
    throw wrong("is not JSON");
  }
  if (read.kind !== "ExecCredential") throw wrong("is no ExecCredential");
  const version = versions.find((each) => each === read.apiVersion);
  if (version !== undefined) return version;
  throw wrong(`asks for another version than ${versions.join(" or ")}`);
}

/**
 * The answer to kubectl and other clients of Kubernetes.
 * Source: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export function execCredential({ token, expiresOnTimestamp }: AccessToken, apiVersion: string): string {
  const expirationTimestamp = new Date(expiresOnTimestamp).toISOString().replace(/\.\d+Z$/, "Z"); // RFC 3339
  return `${plainJson({ apiVersion, kind: "ExecCredential", status: { expirationTimestamp, token } })}\n`;
}
