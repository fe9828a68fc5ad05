import {
  defineOptions,
  defineSource,
  type IssuedToken,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { checkedCredential } from "../acquisition/checked-credential.ts";
import { homeTenant, tenantOption } from "../acquisition/tenant-option.ts";
import { exchange, refusalOf } from "../endpoint/exchange.ts";
import { readResponse } from "./read-response.ts";
import { endpointVariable, keyVariable, missingVariable, readSettings } from "./settings.ts";

const path = "/token?api-version=2023-07-12-preview";
const restart = `Start this program again from the one that set ${endpointVariable}.`;

async function askHost(
  context: SourceContext,
  request: TokenRequest,
  tenantId: string | undefined,
): Promise<IssuedToken> {
  const { claims, scopes } = request;
  if (claims !== undefined)
    throw outcomeError("interaction-required", "azd-host: The protocol of azd has no claims challenges.", {
      code: "claims-challenge",
      remedy: `Sign in again in the program that set ${endpointVariable}.`,
      claims,
      scopes,
    });
  const { endpoint, key } = readSettings(context.env);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ scopes, tenantId });
  const asked = {
    source: "azd-host",
    endpoint,
    request: { method: "POST", path, headers, body },
    remedy: restart,
  } as const;
  const response = await exchange(asked, context, request);
  const refused = () => refusalOf(asked, response, context, restart);
  if (response.status === 401) throw refused(); // some say why in an error of the protocol
  const issued = readResponse({ name: endpoint.name, key }, response);
  if (issued === undefined || response.status !== 200) throw refused();
  return issued;
}

/**
 * Tokens of the program that has started this one, by azd's protocol for external authentication:
 * the user of an editor, say. Source:
 * https://github.com/Azure/azure-dev/blob/main/cli/azd/docs/external-authentication.md
 */
export const azdHost = defineSource({
  name: "azd-host",
  kind: "developer",
  priority: 60,
  tenantPolicy: "any",
  homeTenant,
  options: defineOptions(tenantOption),
  detect(_, { env }) {
    const missing = missingVariable(env);
    if (missing === undefined) return { state: "ready", reason: `${endpointVariable} is set.` };
    const other = missing === endpointVariable ? keyVariable : endpointVariable;
    const reason = `${missing} is not set.`;
    if (env[other] === undefined) return { state: "absent", reason };
    return { state: "absent", reason, code: "misconfigured", remedy: `Set ${missing} too, or unset ${other}.` };
  },
  subject: () => undefined, // the other program decides, so that its tokens go to no store
  create: (own, context) =>
    checkedCredential("azd-host", own, context, (request, tenantId) => askHost(context, request, tenantId)),
});
