import {
  type CredentialSource,
  type Detection,
  defineSource,
  emptyVariables,
  type HomeTenant,
  homeTenantOf,
  type OptionsSchema,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { type ApplicationOptions, applicationSubject, type Given, requireApplication } from "./application-options.ts";
import type { OidcRequest } from "./proof/oidc-proof.ts";

/** What the sources differ in by which a job of a build service signs in an application that trusts it. */
export interface JobSource<Name extends string, Options extends ApplicationOptions> {
  readonly name: Name;
  readonly priority: number;
  readonly options: OptionsSchema<Options>;
  readonly isJob: (context: SourceContext) => boolean;
  /** Said where it is none. */
  readonly notThere: string;
  readonly homeTenant: HomeTenant<NoInfer<Options>>;
  /** What options and variables name together. */
  readonly given: (options: Options, context: SourceContext) => Pick<Given, "clientId" | "proof">;
  /** Whether options name what signs in. What only variables name may be meant for other sources. */
  readonly isNamed: (options: Options) => boolean;
  /** Why a job in which nothing is named by options does not sign in so; `undefined`: it can. */
  readonly lacks: (options: Options, context: SourceContext, tenantId: string | undefined) => string | undefined;
  /** Variables that options leave to be read and that are set, but empty. */
  readonly empty: (options: Options, context: SourceContext) => readonly string[];
  /** How the service is asked for a token of the job; throws when the job may not. */
  readonly ask: (options: Options, context: SourceContext) => OidcRequest;
}

/** A job that was not told whom to sign in does so in some other way; one that was is meant to work, so its errors stop a chain. */
function detectJob<Options extends ApplicationOptions>(
  { isJob, notThere, isNamed, lacks, homeTenant }: JobSource<string, Options>,
  options: Options,
  context: SourceContext,
): Detection {
  const tenantId = homeTenantOf(homeTenant, options, context);
  const why = !isJob(context) ? notThere : isNamed(options) ? undefined : lacks(options, context, tenantId);
  if (why !== undefined) return { state: "absent", reason: why };
  return { state: "ready", reason: "The job signs in an application that trusts it." };
}

export function defineJobSource<const Name extends string, Options extends ApplicationOptions>(
  source: JobSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: who, priority, isJob, notThere, homeTenant } = source;
  const given = (options: Options, context: SourceContext): Given => ({
    who,
    tenantId: homeTenantOf(homeTenant, options, context),
    ...source.given(options, context),
  });
  return defineSource<Name, Options>({
    name: who,
    kind: "deployed",
    priority,
    tenantPolicy: "allow-list",
    options: source.options,
    detect: (options, context) => detectJob(source, options, context),
    homeTenant,
    subject: (options, context) => applicationSubject(given(options, context)),
    async create(options, context) {
      const { createApplicationCredential } = await import("./application-credential.ts");
      const { proveByOidc } = await import("./proof/oidc-proof.ts");
      const prove = proveByOidc(() => source.ask(options, context), context);
      return createApplicationCredential(() => {
        if (!isJob(context)) throw outcomeError("not-configured", `${who}: ${notThere}`);
        const empty = source.empty(options, context);
        if (empty.length > 0) throw emptyVariables(who, empty);
        return { who, ...requireApplication(given(options, context)), prove };
      }, context);
    },
  });
}
