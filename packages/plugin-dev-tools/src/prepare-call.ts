import {
  type HomeTenant,
  homeTenantOf,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { AnyTool, Call, CliOptions } from "./tool.ts";

/** Nothing that a shell, a batch file or the tool itself could take for more than a scope. */
const scopeForm = /^[0-9a-z][0-9a-z\-_.:/]{0,511}$/i;
const subscriptionForm = /^[0-9a-z_.](?:[0-9a-z\-_. ]{0,126}[0-9a-z\-_.])?$/i;
const defaultSuffix = "/.default";

const wrong = (tool: AnyTool, code: string, problem: string, remedy: string) =>
  outcomeError("misconfigured", `${tool.name}: ${problem}`, { code, remedy });

/** The resource of a scope that ends in `/.default`. */
export function resourceOf(scope: string): string | undefined {
  return scope.endsWith(defaultSuffix) ? scope.slice(0, -defaultSuffix.length) : undefined;
}

function checkScopes(tool: AnyTool, scopes: Call["scopes"]): Call["scopes"] {
  const refuse = (problem: string, remedy: string) => wrong(tool, "invalid-scope", problem, remedy);
  const example = 'Ask for a resource, like "https://vault.azure.net/.default".';
  if (!scopes.every((scope) => scopeForm.test(scope)))
    throw refuse("A scope holds a character that is not passed to a program.", example);
  if (scopes.length > 1 && !tool.scopes.several)
    throw refuse(`${tool.title} takes one scope at a time, not ${scopes.length}.`, "Ask once for each.");
  const [first] = scopes;
  if (!tool.scopes.single && !resourceOf(first))
    throw refuse(`${tool.title} takes a resource, not the scope ${first}.`, example);
  return scopes;
}

function checkOptions(tool: AnyTool, { subscription, configDirectory }: CliOptions): void {
  const { isAbsolute } = process.getBuiltinModule("node:path");
  if (subscription !== undefined && !subscriptionForm.test(subscription)) {
    const remedy = "Give the subscription's id.";
    throw wrong(
      tool,
      "invalid-subscription",
      "`subscription` holds a character that is not passed to a program.",
      remedy,
    );
  }
  if (configDirectory !== undefined && !isAbsolute(configDirectory) && !configDirectory.startsWith("~/")) {
    const remedy = "Begin it with / (or a drive), or with ~/ for your home folder.";
    throw wrong(tool, "invalid-config-directory", "`configDirectory` is not an absolute path.", remedy);
  }
}

/** AZURE_TENANT_ID is the tenant of a service principal, so it is none of a developer's. */
export const homeTenant: HomeTenant<CliOptions> = {};

/** `configDirectory` as the tool is to be told. */
export function givenFolder({ configDirectory }: CliOptions, home: string): string | undefined {
  const { join } = process.getBuiltinModule("node:path");
  return configDirectory?.startsWith("~/") ? join(home, configDirectory.slice(2)) : configDirectory;
}

/** Checks everything that becomes part of a command line or of a text to be typed. */
export function prepareCall(
  tool: AnyTool,
  options: CliOptions,
  context: SourceContext,
  home: string,
  request: TokenRequest,
): Call {
  checkOptions(tool, options);
  const { claims } = request;
  // a tenant that was asked for is stronger than a subscription, and a subscription names its tenant itself
  const subscription = request.tenantId === undefined ? options.subscription : undefined;
  const tenantId =
    request.tenantId ?? (subscription === undefined ? homeTenantOf(homeTenant, options, context) : undefined);
  return {
    scopes: checkScopes(tool, request.scopes),
    tenantId,
    subscription,
    claims: claims === undefined ? undefined : Buffer.from(claims, "utf8").toString("base64"),
    configDirectory: givenFolder(options, home),
  };
}
