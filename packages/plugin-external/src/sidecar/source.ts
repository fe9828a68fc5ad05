import {
  type Detection,
  defineOptions,
  defineSource,
  outcomeError,
  type RetryTable,
  type SourceContext,
} from "@azidentity/core/plugin";
import { checkedCredential } from "../acquisition/checked-credential.ts";
import { homeTenant, tenantOption } from "../acquisition/tenant-option.ts";
import { type Endpoint, limitedTo, malformed, readUrl } from "../endpoint/endpoint.ts";
import { exchange } from "../endpoint/exchange.ts";
import { readResponse } from "./read-response.ts";
import { requestPath, type SidecarOptions } from "./request-path.ts";

const urlVariable = "SIDECAR_URL";
const defaultUrl = "http://localhost:5178";

const options = defineOptions(
  {
    ...tenantOption,
    url: { type: "string", description: `URL of the sidecar. Default ${urlVariable}, else ${defaultUrl}.` },
    service: { type: "string", description: "Its entry of DownstreamApis. Default `default`." },
    agentIdentity: {
      type: "string",
      description: "Client id of the agent identity. Default: the sidecar's application.",
    },
    agentUsername: { type: "string", description: "Account name of the agent's user. Default: no user." },
    agentUserId: { type: "string", description: "Object id of the agent's user. Default: no user." },
    requestAppToken: {
      type: "boolean",
      description: "Whether a token of the application is requested. Default false.",
    },
  },
  { exclusive: [["agentUsername", "agentUserId"]] },
);

interface Options extends SidecarOptions {
  readonly url?: string | undefined;
}

/**
 * A sidecar may start after the program. Microsoft's clients try again after these statuses, too.
 */
const retries: RetryTable = { statuses: [0, 408, 429, 500, 502, 503, 504], delaysMs: [1_000, 2_000, 4_000] };
const start = "Start the sidecar, or correct its URL.";

/**
 * Tokens and the names of users go to this machine or a private network alone, whatever its name
 * is.
 */
function endpointOf({ url: own }: Options, { env }: Pick<SourceContext, "env">): Endpoint {
  const setting = own === undefined ? urlVariable : "`url`";
  const named = { source: "sidecar", setting, text: own ?? env[urlVariable] ?? defaultUrl };
  const url = readUrl(named);
  if (!/^https?:$/.test(url.protocol))
    throw malformed(named, "is neither http nor https", "Write it like http://localhost:5178.");
  return limitedTo("private", url);
}

function requireOptions({ agentIdentity, agentUsername, agentUserId }: Options): void {
  if (agentIdentity !== undefined || (agentUsername ?? agentUserId) === undefined) return;
  throw outcomeError("misconfigured", "sidecar: A user of an agent is named without the agent.", {
    code: "incomplete-options",
    remedy: "Set `agentIdentity`, too.",
  });
}

async function probe(own: Options, context: SourceContext, signal: AbortSignal): Promise<Detection> {
  const endpoint = endpointOf(own, context);
  const asked = { source: "sidecar", endpoint, request: { method: "GET", path: "/healthz" }, remedy: start } as const;
  try {
    const { status } = await exchange(asked, context, { signal });
    if (status === 200) return { state: "likely", reason: `A sidecar answers at ${endpoint.name}.` };
    return { state: "possible", reason: `${endpoint.name} answers, and does not say that it is healthy.` };
  } catch (error) {
    if (Object(error).outcome !== "unreachable") throw error;
    return { state: "absent", code: "unreachable", reason: `Nothing answers at ${endpoint.name}.`, remedy: start };
  }
}

/** Tokens of Microsoft Entra's authentication sidecar, a container beside the program. */
export const sidecar = defineSource({
  name: "sidecar",
  kind: "deployed",
  tenantPolicy: "any",
  homeTenant,
  options,
  requireOptions,
  detect({ url }, { env }) {
    if (url !== undefined) return { state: "ready", reason: "The config names a sidecar." };
    if (env[urlVariable] !== undefined) return { state: "ready", reason: `${urlVariable} is set.` };
    return { state: "possible", reason: `${urlVariable} is not set; a sidecar may be at ${defaultUrl}.` };
  },
  subject: () => undefined, // the sidecar decides, so that its tokens go to no store
  create(own, context) {
    requireOptions(own);
    const endpoint = endpointOf(own, context);
    const credential = checkedCredential("sidecar", own, context, (request, tenantId) =>
      context.retry(
        retries,
        async () => {
          const path = requestPath(own, request, tenantId);
          const asked = { source: "sidecar", endpoint, request: { method: "GET", path }, remedy: start } as const;
          return readResponse(endpoint.name, await exchange(asked, context, request), context.clock.now());
        },
        request,
      ),
    );
    return { ...credential, probe: (signal) => probe(own, context, signal) };
  },
});
