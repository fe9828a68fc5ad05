import { isJsonObject, parseJsonObject, type ServerRequest } from "../http/message.ts";
import { HostRefusal } from "./host-refusal.ts";

/** A request for a token by scopes, as hosts of today get it. */
export interface ScopedRequest {
  readonly resource: string;
}

const suffix = "/.default";

/** The one resource of the scopes, and the tenant, which has to be the host's. */
export function readScopes(scopes: unknown, tenantId: unknown, own: string): ScopedRequest {
  const [scope, ...others] = Array.isArray(scopes) ? scopes : [];
  if (typeof scope !== "string" || !scope.endsWith(suffix) || others.length > 0)
    throw new HostRefusal("no-resource", "`scopes` has to be a list of one scope that ends in /.default.");
  if (tenantId !== undefined && tenantId !== own)
    throw new HostRefusal("unknown-tenant", "The tenant is not that of this host.");
  return { resource: scope.slice(0, -suffix.length) };
}

/** The members of a body, which has to be JSON by its type, too. */
export function readJson({ headers, body }: ServerRequest): Readonly<Record<string, unknown>> {
  const read = parseJsonObject(body);
  if (!/^application\/json\b/.test(headers["content-type"] ?? "") || !isJsonObject(read))
    throw new HostRefusal("parameter", "The body is not a JSON object.");
  return read;
}
