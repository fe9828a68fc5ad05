import { type CacheFactory, registered } from "./registered.ts";

/** A plugin of `@azure/identity`: a function that is given a context. */
export type IdentityPlugin = (context: unknown) => void;

/**
 * Microsoft's plugins for the broker and Visual Studio Code bring what plugin-broker has itself.
 */
const notNeeded = () => undefined;

/** Parts that plugins of `@azure/identity` set. */
const context = {
  cachePluginControl: {
    setPersistence(factory: CacheFactory) {
      registered.cache = factory;
    },
  },
  nativeBrokerPluginControl: { setNativeBroker: notNeeded },
  vsCodeCredentialControl: {
    setVSCodeAuthRecordPath: notNeeded,
    setVsCodeCredentialFinder: notNeeded, // of version 1.0.1
    setVSCodeBroker: notNeeded,
  },
};

/**
 * Calls a plugin of `@azure/identity`, such as `@azure/identity-cache-persistence` or one of the
 * program's own. A cache that it sets is where `tokenCachePersistenceOptions` keeps tokens and the
 * sign-ins of users; without one they are in a file, if `@azidentity/plugin-cache-persist` is
 * installed.
 *
 * @throws {TypeError} It is not a function.
 * @throws {Error} what the plugin throws
 */
export function useIdentityPlugin(plugin: IdentityPlugin): void {
  if (typeof plugin !== "function")
    throw new TypeError(
      "plugin is not a function. Pass what the plugin's package exports, such as cachePersistencePlugin.",
    );
  plugin(context);
}
