import type { ServiceProvider } from "./services.ts";
import type { CredentialSource } from "./source.ts";

/**
 * Options of sources and services differ; the registry holds them all. The one place where variance
 * asks for `any`.
 */
// biome-ignore lint/suspicious/noExplicitAny: a source of any options
export type AnySource = CredentialSource<string, any>;
/** A service of any type, with any options. */
// biome-ignore lint/suspicious/noExplicitAny: a provider of any service
export type AnyProvider = ServiceProvider<any, any>;

/**
 * A value holding sources and services. Importing it changes nothing; passing it to
 * `createIdentity`, or naming it in the config, does.
 */
export interface IdentityPlugin {
  /** The npm name; what errors call it. */
  readonly name: string;
  /** Version of this contract it was written for. */
  readonly contract: 1;
  /** The credential sources of the plugin. Default: none. */
  readonly sources?: readonly AnySource[];
  /** The services of the plugin, such as a token store. Default: none. */
  readonly services?: readonly AnyProvider[];
}
