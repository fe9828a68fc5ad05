import {
  type Credential,
  type CredentialSource,
  defineSource,
  homeTenantOf,
  type OptionsSchema,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { Application } from "./application.ts";
import {
  type ApplicationOptions,
  applicationSubject,
  applicationTenant,
  detectApplication,
  type Given,
  requireApplication,
} from "./application-options.ts";
import type { Prove } from "./proof/proof.ts";

/** What the sources differ in that sign in the application that their options name. */
export interface ApplicationSource<Name extends string, Options extends ApplicationOptions> {
  readonly name: Name;
  readonly options: OptionsSchema<Options>;
  readonly supports?: CredentialSource["supports"];
  /** What proves the application, by the name in a message; empty values are missing. */
  readonly proof: (options: Options) => Readonly<Record<string, unknown>>;
  readonly prove: (options: Options, context: SourceContext) => Prove | Promise<Prove>;
  /** Default: the application signs in as itself. */
  readonly createCredential?: (read: () => Application, context: SourceContext) => Promise<Credential>;
}

async function asItself(read: () => Application, context: SourceContext): Promise<Credential> {
  const { createApplicationCredential } = await import("./application-credential.ts");
  return createApplicationCredential(read, context);
}

export function defineApplicationSource<const Name extends string, Options extends ApplicationOptions>(
  source: ApplicationSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: who, createCredential = asItself } = source;
  const given = (options: Options, context: SourceContext): Given => ({
    who,
    tenantId: homeTenantOf(applicationTenant, options, context),
    clientId: options.clientId,
    proof: source.proof(options),
  });
  return defineSource<Name, Options>({
    name: who,
    kind: "deployed",
    tenantPolicy: "allow-list",
    ...(source.supports === undefined ? {} : { supports: source.supports }),
    options: source.options,
    detect: (options, context) => detectApplication(given(options, context)),
    homeTenant: applicationTenant,
    subject: (options, context) => applicationSubject(given(options, context)),
    async create(options, context) {
      const prove = await source.prove(options, context);
      return createCredential(() => ({ who, ...requireApplication(given(options, context)), prove }), context);
    },
  });
}
