import { findDuplicate } from "../http/message.ts";
import { HostRefusal } from "./host-refusal.ts";
import type { IdentityName, IdKind } from "./managed-identities.ts";

/** The parameters of a token request, in the query or in the body. */
export interface HostParameters {
  readonly resource: string;
  readonly apiVersion: string | undefined;
  readonly id: IdentityName | undefined;
  /** Whether the client handles continuous access evaluation. */
  readonly cae: boolean;
  readonly rejected: string | undefined;
}

export interface AcceptedParameters {
  /** What each of the host's parameters for an identity means. */
  readonly ids: Readonly<Record<string, IdKind>>;
  /** Which versions of the protocol it speaks; `undefined` where there is none to name. */
  readonly apiVersions?: RegExp;
  /** Parameters that change nothing. */
  readonly ignored?: readonly string[];
}

/** What clients may send to every host, though few take notice. */
const common = ["resource", "api-version", "xms_cc", "token_sha256_to_refresh"];

/** Stricter than Azure: a parameter that the host does not know, or that is there twice, is an error of the client's. */
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
  if (unknown !== undefined) throw new HostRefusal("parameter", `The parameter '${unknown}' is not known.`);
  const duplicate = findDuplicate(sent);
  if (duplicate !== undefined) throw new HostRefusal("parameter", `The parameter '${duplicate}' is there twice.`);
}

function readId(sent: URLSearchParams, { ids }: AcceptedParameters): HostParameters["id"] {
  const named = Object.entries(ids).flatMap(([name, kind]) => {
    const value = sent.get(name);
    return value ? [{ kind, value }] : [];
  });
  if (named.length > 1) throw new HostRefusal("parameter", "More than one parameter names an identity.");
  return named[0];
}
