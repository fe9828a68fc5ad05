import {
  type Credential,
  type CredentialSource,
  defineSource,
  homeTenantOf,
  type OptionsSchema,
  type SourceContext,
} from "@azidentity/core/plugin";
import {
  type Application,
  type ApplicationOptions,
  type ApplicationSettings,
  applicationSubject,
  applicationTenant,
  detectApplication,
  requireApplication,
} from "./application.ts";
import type { ClientAuthentication } from "./client-authentication/client-authentication.ts";

/** What differs between the sources that sign in the application their options name. */
export interface ApplicationSource<Name extends string, Options extends ApplicationOptions> {
  readonly name: Name;
  readonly options: OptionsSchema<Options>;
  readonly supports?: CredentialSource["supports"];
  /** The options that authenticate the application; see `ApplicationSettings.credentials`. */
  readonly credentials: (options: Options) => Readonly<Record<string, unknown>>;
  readonly clientAuthentication: (
    options: Options,
    context: SourceContext,
  ) => ClientAuthentication | Promise<ClientAuthentication>;
  /** Default: the application signs in as itself. */
  readonly createCredential?: (read: () => Application, context: SourceContext) => Promise<Credential>;
}

async function createDefaultCredential(read: () => Application, context: SourceContext): Promise<Credential> {
  const { createApplicationCredential } = await import("./application-credential.ts");
  return createApplicationCredential(read, context);
}

export function defineApplicationSource<const Name extends string, Options extends ApplicationOptions>(
  source: ApplicationSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: sourceName, createCredential = createDefaultCredential } = source;
  const settingsOf = (options: Options, context: SourceContext): ApplicationSettings => ({
    sourceName,
    tenantId: homeTenantOf(applicationTenant, options, context),
    clientId: options.clientId,
    credentials: source.credentials(options),
  });
  return defineSource<Name, Options>({
    name: sourceName,
    kind: "deployed",
    tenantPolicy: "allow-list",
    ...(source.supports === undefined ? {} : { supports: source.supports }),
    options: source.options,
    detect: (options, context) => detectApplication(settingsOf(options, context)),
    homeTenant: applicationTenant,
    subject: (options, context) => applicationSubject(settingsOf(options, context)),
    async create(options, context) {
      const clientAuthentication = await source.clientAuthentication(options, context);
      const read = () => ({ sourceName, ...requireApplication(settingsOf(options, context)), clientAuthentication });
      return createCredential(read, context);
    },
  });
}
