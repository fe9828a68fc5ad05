import type { IdentityPlugin } from "../contract/plugin.ts";
import type { CredentialSource } from "../contract/source.ts";

/** Makes a plugin. Names and options of its sources are inferred. */
export function definePlugin<const P extends Omit<IdentityPlugin, "contract">>(
  plugin: P,
): P & { readonly contract: 1 } {
  return { ...plugin, contract: 1 };
}

/** Makes a source. Its name and options are inferred. */
export function defineSource<const Name extends string, Options = Record<never, never>>(
  source: CredentialSource<Name, Options>,
): CredentialSource<Name, Options> {
  return source;
}
