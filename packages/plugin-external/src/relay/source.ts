import {
  defineOptions,
  defineSource,
  type IssuedToken,
  outcomeError,
  requireWellFormed,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { checkedCredential } from "../acquisition/checked-credential.ts";
import { failureError } from "../acquisition/failure-error.ts";
import { homeTenant, tenantOption } from "../acquisition/tenant-option.ts";
import { readAnswer } from "../contract/answer.ts";
import { requestDocument } from "../contract/request.ts";
import { readEndpoint } from "../endpoint/endpoint.ts";
import { exchange, refusalOf } from "../endpoint/exchange.ts";

const urlVariable = "AZIDENTITY_RELAY_URL";
const keyVariable = "AZIDENTITY_RELAY_KEY";

const options = defineOptions({
  ...tenantOption,
  url: {
    type: "string",
    description: `URL of the relay, as azid serve prints it. Default ${urlVariable}.`,
  },
  key: {
    type: "string",
    secret: true,
    form: { pattern: /^[\x21-\x7e]+$/, expected: "the key that azid serve prints" },
    description: `Key of the relay, by reference. Default ${keyVariable}.`,
  },
});

interface RelayOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

const start = `Start it with: azid serve - and set ${urlVariable} and ${keyVariable} to what it prints.`;
const keyRemedy = `Set ${keyVariable} to what azid serve prints: it has a new key each time it starts.`;

/** What of the two settings is missing; `undefined`: nothing. */
function missing({ url, key }: RelayOptions, { env }: Pick<SourceContext, "env">): string | undefined {
  if (url === undefined && env[urlVariable] === undefined) return urlVariable;
  return key === undefined && env[keyVariable] === undefined ? keyVariable : undefined;
}

function readSettings(own: RelayOptions, context: SourceContext) {
  const { env } = context;
  const absent = missing(own, context);
  if (absent !== undefined) throw outcomeError("not-configured", `relay: ${absent} is not set.`, { remedy: start });
  if (own.key === undefined) requireWellFormed("relay", env, [keyVariable]);
  const setting = own.url === undefined ? urlVariable : "`url`";
  const endpoint = readEndpoint({ source: "relay", setting, text: own.url ?? env[urlVariable] ?? "" });
  return { endpoint, key: own.key ?? env[keyVariable] ?? "" };
}

async function askRelay(
  own: RelayOptions,
  context: SourceContext,
  request: TokenRequest,
  tenantId: string | undefined,
): Promise<IssuedToken> {
  const { endpoint, key } = readSettings(own, context);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = requestDocument(request, tenantId);
  const asked = { method: "POST", path: "/token", headers, body } as const;
  const to = { source: "relay", endpoint, request: asked, remedy: start };
  const response = await exchange(to, context, request);
  const answer = readAnswer(response.body);
  const { status: statusCode } = response;
  if ("failure" in answer) {
    const remedy = statusCode === 401 ? keyRemedy : "Look at what azid serve shows.";
    throw failureError(answer.failure, {
      label: `relay: ${endpoint.name}`,
      request,
      secrets: [key],
      statusCode,
      remedy,
    });
  }
  if (statusCode !== 200) throw refusalOf(to, response, context, keyRemedy);
  if ("token" in answer) return answer.token;
  const problem = `relay: The answer of ${endpoint.name} ${answer.problem}.`;
  const remedy = "Check the address, and which program answers there.";
  throw outcomeError("failed", problem, { code: "unexpected-answer", remedy, statusCode });
}

/** Tokens of a relay, such as `azid serve` (docs/exec.md#over-http). */
export const relay = defineSource({
  name: "relay",
  kind: "developer",
  priority: 50,
  tenantPolicy: "any",
  homeTenant,
  options,
  detect(own, context) {
    const absent = missing(own, context);
    if (absent !== undefined) return { state: "absent", reason: `${absent} is not set.`, remedy: start };
    return { state: "ready", reason: own.url === undefined ? `${urlVariable} is set.` : "The config names a relay." };
  },
  subject: () => undefined, // the relay decides, so that its tokens go to no store
  create: (own, context) =>
    checkedCredential("relay", own, context, (request, tenantId) => askRelay(own, context, request, tenantId)),
});
