import {
  type CredentialSource,
  type Detection,
  defineSource,
  emptyVariables,
  type HomeTenant,
  homeTenantOf,
  type OptionsSchema,
  outcomeError,
  requireWellFormed,
  type SourceContext,
} from "@azidentity/core/plugin";
import {
  type ApplicationOptions,
  type ApplicationSettings,
  applicationSubject,
  requireApplication,
} from "./application.ts";
import type { OidcRequest } from "./client-authentication/oidc.ts";

/**
 * What differs between the sources with which a job of a build service signs in an application
 * that trusts the job (workload identity federation).
 */
export interface JobSource<Name extends string, Options extends ApplicationOptions> {
  readonly name: Name;
  /** Position in the default chain; see `CredentialSource.priority`. */
  readonly priority: number;
  readonly options: OptionsSchema<Options>;
  /** Whether this process runs in a job of the service. */
  readonly isJob: (context: SourceContext) => boolean;
  /** Reason shown when it does not. */
  readonly absentReason: string;
  readonly homeTenant: HomeTenant<NoInfer<Options>>;
  /** Client id and other required settings, from options and variables. */
  readonly settings: (
    options: Options,
    context: SourceContext,
  ) => Pick<ApplicationSettings, "clientId" | "credentials">;
  /** Whether options name the application. Variables alone may be meant for other sources. */
  readonly isExplicit: (options: Options) => boolean;
  /**
   * Why a job without explicit options cannot sign in, and what to do; `undefined`: it can. The
   * remedy is what a person most likely has to do when no source of a chain returns a token.
   */
  readonly missingReason: (
    options: Options,
    context: SourceContext,
    tenantId: string | undefined,
  ) => Pick<Detection, "reason" | "remedy"> | undefined;
  /**
   * Names of the variables that are read, because no option replaces them, and set to an empty
   * value.
   */
  readonly findEmptyVariables: (options: Options, context: SourceContext) => readonly string[];
  /** Names of all variables that are read, because no option replaces them, besides the tenant. */
  readonly variables: (options: Options) => readonly string[];
  /** The request for a token of the job; throws when the job lacks permission. */
  readonly oidcRequest: (options: Options, context: SourceContext) => OidcRequest;
}

/**
 * A job without an application may sign in by another source, so this one is absent. A job with an
 * explicit one is meant to use it, so its errors stop a chain.
 */
function detectJob<Options extends ApplicationOptions>(
  { isJob, absentReason, isExplicit, missingReason, homeTenant }: JobSource<string, Options>,
  options: Options,
  context: SourceContext,
): Detection {
  if (!isJob(context)) return { state: "absent", reason: absentReason };
  const tenantId = homeTenantOf(homeTenant, options, context);
  const missing = isExplicit(options) ? undefined : missingReason(options, context, tenantId);
  if (missing !== undefined) return { state: "absent", isIncomplete: true, ...missing };
  return { state: "ready", reason: "The job signs in an application that trusts it." };
}

export function defineJobSource<const Name extends string, Options extends ApplicationOptions>(
  source: JobSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: sourceName, priority, isJob, absentReason, homeTenant } = source;
  const settingsOf = (options: Options, context: SourceContext): ApplicationSettings => ({
    sourceName,
    tenantId: homeTenantOf(homeTenant, options, context),
    ...source.settings(options, context),
  });
  return defineSource<Name, Options>({
    name: sourceName,
    kind: "deployed",
    priority,
    tenantPolicy: "allow-list",
    options: source.options,
    detect: (options, context) => detectJob(source, options, context),
    homeTenant,
    subject: (options, context) => applicationSubject(settingsOf(options, context)),
    async create(options, context) {
      const { createApplicationCredential } = await import("./token-client.ts");
      const { oidcAuthentication } = await import("./client-authentication/oidc.ts");
      const clientAuthentication = oidcAuthentication(() => source.oidcRequest(options, context), context);
      return createApplicationCredential(() => {
        if (!isJob(context)) {
          const remedy = "Use another source here, or leave the choice to the default chain.";
          throw outcomeError("not-configured", `${sourceName}: ${absentReason}`, { remedy });
        }
        const empty = source.findEmptyVariables(options, context);
        if (empty.length > 0) throw emptyVariables(sourceName, empty);
        requireWellFormed(sourceName, context.env, source.variables(options));
        return { sourceName, ...requireApplication(settingsOf(options, context)), clientAuthentication };
      }, context);
    },
  });
}
