import { findDuplicate } from "../http/message.ts";
import { HostRefusal } from "./host-refusal.ts";
import type { IdentityName, IdKind } from "./managed-identities.ts";

/** The parameters of a token request, in the query or in the body. */
export interface HostParameters {
  readonly resource: string;
  readonly apiVersion: string | undefined;
  readonly id: IdentityName | undefined;
  /** Whether the client supports continuous access evaluation (`cp1`). */
  readonly cae: boolean;
  readonly rejected: string | undefined;
}

export interface AcceptedParameters {
  /** The kind of id of each parameter that identifies an identity. */
  readonly ids: Readonly<Record<string, IdKind>>;
  /** The supported values of `api-version`. Default: the parameter is not checked. */
  readonly apiVersions?: RegExp;
  /** Parameters without an effect. */
  readonly ignored?: readonly string[];
}

/** Parameters that every host accepts, though few use them. */
const common = ["resource", "api-version", "xms_cc", "token_sha256_to_refresh"];

/** Stricter than Azure: an unknown or duplicate parameter is an error. */
export function readParameters(sent: URLSearchParams, accepted: AcceptedParameters): HostParameters {
  checkNames(sent, accepted);
  const apiVersion = sent.get("api-version") || undefined;
  if (accepted.apiVersions !== undefined && !accepted.apiVersions.test(apiVersion ?? "")) {
    throw new HostRefusal("api-version", `The api-version '${apiVersion ?? ""}' is not supported.`);
  }
  const resource = sent.get("resource");
  if (!resource) throw new HostRefusal("no-resource", "The parameter 'resource' should not be null or empty string.");
  return {
    resource,
    apiVersion,
    id: readId(sent, accepted),
    cae: (sent.get("xms_cc") ?? "").toLowerCase().split(",").includes("cp1"),
    rejected: sent.get("token_sha256_to_refresh") || undefined,
  };
}

function checkNames(sent: URLSearchParams, { ids, ignored = [] }: AcceptedParameters): void {
  const known = new Set([...common, ...Object.keys(ids), ...ignored]);
  const unknown = [...sent.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new HostRefusal("parameter", `The parameter '${unknown}' is unknown.`);
  const duplicate = findDuplicate(sent);
  if (duplicate !== undefined) throw new HostRefusal("parameter", `The parameter '${duplicate}' is duplicated.`);
}

function readId(sent: URLSearchParams, { ids }: AcceptedParameters): HostParameters["id"] {
  const named = Object.entries(ids).flatMap(([name, kind]) => {
    const value = sent.get(name);
    return value ? [{ kind, value }] : [];
  });
  if (named.length > 1) throw new HostRefusal("parameter", "More than one parameter identifies an identity.");
  return named[0];
}
