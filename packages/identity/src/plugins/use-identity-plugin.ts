/** A plugin of `@azure/identity`: a function that is given a context. */
export type IdentityPlugin = (context: unknown) => void;

const notYet = (what: string, instead: string) => () => {
  throw new Error(`useIdentityPlugin: ${what} of a plugin is not supported. ${instead}`);
};

/**
 * Parts that plugins of `@azure/identity` set. They bring objects of MSAL, which signs in no
 * application here; what they add comes with this package.
 */
const context = {
  cachePluginControl: {
    setPersistence: notYet(
      "the cache",
      "Leave the plugin out: `tokenCachePersistenceOptions: { enabled: true }` keeps tokens on disk without one.",
    ),
  },
  nativeBrokerPluginControl: {
    setNativeBroker: notYet("the broker", "Leave the plugin out: `brokerOptions` works without one."),
  },
  vsCodeCredentialControl: {
    setVSCodeAuthRecordPath: notYet(
      "the account",
      "Leave the plugin out: VisualStudioCodeCredential works without one.",
    ),
    setVsCodeCredentialFinder: notYet(
      "the account",
      "Leave the plugin out: VisualStudioCodeCredential works without one.",
    ),
    setVSCodeBroker: notYet("the broker", "Leave the plugin out: VisualStudioCodeCredential works without one."),
  },
};

/**
 * Calls a plugin of `@azure/identity`.
 *
 * @throws {Error} The plugin sets something that is not supported.
 */
export function useIdentityPlugin(plugin: IdentityPlugin): void {
  plugin(context);
}
