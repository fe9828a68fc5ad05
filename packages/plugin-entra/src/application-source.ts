import type { ApplicationGrant, ClientAuthentication } from "@azidentity/core/entra";
import {
  type CredentialSource,
  defineSource,
  homeTenantOf,
  type OptionsContext,
  type OptionsSchema,
  type SourceContext,
} from "@azidentity/core/plugin";
import {
  type ApplicationOptions,
  type ApplicationSettings,
  applicationSubject,
  applicationTenant,
  detectApplication,
  requireApplication,
} from "./application.ts";

/** What differs between the sources that sign in the application their options name. */
export interface ApplicationSource<Name extends string, Options extends ApplicationOptions> {
  readonly name: Name;
  readonly options: OptionsSchema<Options>;
  readonly supports?: CredentialSource["supports"];
  /** The options that authenticate the application; see `ApplicationSettings.credentials`. */
  readonly credentials: (options: Options) => Readonly<Record<string, unknown>>;
  /** Throws when one of those options is not of its form, or names a source that there is not. */
  readonly validate?: (options: Options, requireSource: (name: string) => void) => unknown;
  readonly clientAuthentication: (
    options: Options,
    context: SourceContext,
  ) => ClientAuthentication | Promise<ClientAuthentication>;
  /** Loads another grant on first use. Default: the application signs in as itself. */
  readonly loadGrant?: () => Promise<ApplicationGrant>;
}

export function defineApplicationSource<const Name extends string, Options extends ApplicationOptions>(
  source: ApplicationSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: sourceName } = source;
  const settingsOf = (options: Options, context: OptionsContext): ApplicationSettings => ({
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
    requireOptions(options, context, requireSource) {
      requireApplication(settingsOf(options, context));
      source.validate?.(options, requireSource);
    },
    detect: (options, context) => detectApplication(settingsOf(options, context)),
    homeTenant: applicationTenant,
    subject: (options, context) => applicationSubject(settingsOf(options, context)),
    async create(options, context) {
      const clientAuthentication = await source.clientAuthentication(options, context);
      const read = () => ({ sourceName, ...requireApplication(settingsOf(options, context)), clientAuthentication });
      const { createApplicationCredential } = await import("./token-client.ts");
      return createApplicationCredential(read, context, { grant: await source.loadGrant?.() });
    },
  });
}

export const secretAuthentication =
  (secret: string): ClientAuthentication =>
  async () => ({ secret });
