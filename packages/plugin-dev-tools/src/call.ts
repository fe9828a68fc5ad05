import {
  type AuthenticationErrorCode,
  authorityHostOf,
  homeTenantOf,
  isSameCloud,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { configFolder } from "./account-state.ts";
import { type AnyTool, type Call, type CliOptions, cloudName, homeTenant, resourceOf } from "./tool.ts";

/** Scopes without characters that have a meaning for shells, batch files or the tool. */
const scopePattern = /^[0-9a-z][0-9a-z\-_.:/]{0,511}$/i;

const invalid = (tool: AnyTool, code: AuthenticationErrorCode, problem: string, remedy: string) =>
  outcomeError("misconfigured", `${tool.name}: ${problem}`, { code, remedy });

function checkScopes(tool: AnyTool, scopes: Call["scopes"]): Call["scopes"] {
  const refuse = (problem: string, remedy: string) => invalid(tool, "invalid-scope", problem, remedy);
  const example = 'Request a resource, like "https://vault.azure.net/.default".';
  if (!scopes.every((scope) => scopePattern.test(scope)))
    throw refuse("A scope contains a character that is not allowed on a command line.", example);
  if (scopes.length > 1 && !tool.scopes.several)
    throw refuse(
      `${tool.title} accepts one scope at a time, not ${scopes.length}.`,
      "Request one token for each scope.",
    );
  const [first] = scopes;
  if (!tool.scopes.single && !resourceOf(first))
    throw refuse(`${tool.title} accepts a resource, not the scope ${first}.`, example);
  return scopes;
}

function checkOptions(tool: AnyTool, options: CliOptions, home: string | undefined): void {
  const { configDirectory } = options;
  const { isAbsolute } = process.getBuiltinModule("node:path");
  if (configDirectory !== undefined && !isAbsolute(configDirectory) && !configDirectory.startsWith("~/")) {
    const remedy = "Start it with / (or a drive letter), or with ~/ for your home folder.";
    throw invalid(tool, "invalid-config-directory", "`configDirectory` is not an absolute path.", remedy);
  }
  if (configDirectory?.startsWith("~/") && home === undefined) {
    const problem = "`configDirectory` starts with ~/, and this account has no home folder.";
    throw invalid(tool, "invalid-config-directory", problem, "Set HOME, or give an absolute path.");
  }
}

/** The input of one call of a tool. */
export interface CallInput {
  readonly tool: AnyTool;
  readonly options: CliOptions;
  readonly context: SourceContext;
  /** The home folder of the user, where there is one. */
  readonly home: string | undefined;
  readonly request: TokenRequest;
}

/**
 * Checks what becomes part of a command line or of a command in a remedy. Core has checked tenants,
 * and the table of options the subscription.
 *
 * @throws {IdentityError} `invalid-scope` or `invalid-config-directory`
 */
export function prepareCall({ tool, options, context, home, request }: CallInput): Call {
  checkOptions(tool, options, home);
  const { claims } = request;
  // the tenant of a call overrides the subscription, and the subscription implies its own tenant
  const subscription = request.tenantId === undefined ? options.subscription : undefined;
  const tenantId =
    request.tenantId ?? (subscription === undefined ? homeTenantOf(homeTenant, options, context) : undefined);
  const configDirectory = configFolder(options, home);
  return {
    scopes: checkScopes(tool, request.scopes),
    tenantId,
    subscription,
    claims: claims === undefined ? undefined : Buffer.from(claims, "utf8").toString("base64"),
    configDirectory,
    isHomeless: (configDirectory ?? tool.folder(context.env, home)) === undefined,
  };
}

/** Refuses a tool that is signed in to another cloud than the configured one. */
export function checkCloud(tool: AnyTool, authority: unknown, { cloud }: SourceContext): void {
  if (typeof authority !== "string" || authority === "" || isSameCloud(authority, cloud.authorityHost)) return;
  const [toolCloud, configuredCloud] = [authority, cloud.authorityHost].map(describeAuthority);
  throw outcomeError(
    "misconfigured",
    `${tool.name}: ${tool.title} is set to ${toolCloud}, and the config to ${configuredCloud}.`,
    {
      code: "other-cloud",
      remedy: `Run: ${tool.switchCloud(cloud.authorityHost)} - or set \`cloud\`.`,
    },
  );
}

const hostForm = /^[\w.-]{1,100}(?::\d{1,5})?$/;

/** An authority for messages: the name of its cloud, and its host. A tool may have printed it. */
export function describeAuthority(authority: string): string {
  const name = cloudName(authority);
  const host = authorityHostOf(authority);
  if (name !== undefined) return `${name} (${host})`;
  return hostForm.test(host) ? host : "an unknown cloud";
}
