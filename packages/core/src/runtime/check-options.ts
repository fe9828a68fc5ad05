import type { SharedSettings } from "../config/define.ts";
import { refersElsewhere } from "../config/reference-forms.ts";
import { withoutReserved } from "../config/source-settings.ts";
import type { OptionsContext } from "../contract/context.ts";
import type { AnySource, IdentityPlugin } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { homeTenant } from "../link/tenant.ts";
import { checkNamed } from "../options/check-named.ts";
import { checkOptions, checkSomeOptions } from "../options/check-options.ts";
import { copyPlain } from "../options/plain.ts";
import { checkPlugin } from "../plugins/check.ts";
import { createRegistry, type Registry } from "../plugins/registry.ts";
import type { Loading } from "./load-once.ts";
import type { StartPlace } from "./load-runtime.ts";

/** Throws what a token of the source with these options would be refused with. */
export type CheckOptions = (name: string, options: unknown) => void;

type Options = Readonly<Record<string, unknown>>;

const notLoaded = () =>
  new ConfigurationError("not-loaded", "Plugins that are found by name are known once they are loaded.", {
    remedy: "Call `await identity.ready()` first, or pass the plugins as values.",
  });

/** What is known of a config before it is loaded. */
export interface KnownConfig {
  readonly place: StartPlace;
  /** Of `identity.with`, the strongest first. */
  readonly settings: readonly SharedSettings[];
  readonly env: OptionsContext["env"];
  /** Those that the config was read with: `identity.with` does not read it again. */
  readonly configEnv: OptionsContext["env"];
}

type Place = Pick<StartPlace, "given" | "defaults" | "search" | "file" | "require">;

/** Whether all of the config is in code and in variables. */
const isInCode = ({ given, search, file, require }: Place) =>
  !search && file === undefined && !require && !given.profile && !given.profiles;

/** The plugins that are known already. `isFinal`: there are no others. */
function knownPlugins(place: Place): { readonly plugins: readonly IdentityPlugin[]; readonly isFinal: boolean } {
  const { given, defaults } = place;
  const own = [given.plugins ?? []].flat();
  const names = own.map((plugin) => Object(plugin).name ?? plugin);
  const all = [...(defaults?.plugins ?? []).filter((plugin) => !names.includes(Object(plugin).name)), ...own];
  const plugins = all.filter((plugin): plugin is IdentityPlugin => typeof plugin !== "string");
  const isListed = given.plugins !== undefined || (defaults?.plugins !== undefined && isInCode(place));
  return { plugins, isFinal: isListed && plugins.length === all.length };
}

/** What is known of the surroundings when all of the config is in code; else `undefined`. */
function knownContext({ place, settings, env, configEnv }: KnownConfig): OptionsContext | undefined {
  const tenants = [...settings, place.given, { tenantId: configEnv.AZIDENTITY_TENANT_ID || undefined }, place.defaults];
  const tenantId = tenants.map((one) => one?.tenantId).find((one) => one !== undefined);
  if (!isInCode(place) || (typeof tenantId === "object" && tenantId !== null)) return undefined;
  return { env, defaults: { ...(tenantId === undefined ? {} : { tenantId }), additionallyAllowedTenants: [] } };
}

/** The options of a source among its settings in code. */
function optionsInCode({ place, settings }: KnownConfig, name: string): Options {
  const all = [...settings, place.given, place.defaults ?? {}].reverse().map(({ sources = {} }) => sources);
  const own = all.map((sources) => (Object.hasOwn(sources, name) ? sources[name as never] : {}));
  return withoutReserved(Object.assign({}, ...own));
}

/** Nothing is known yet of config and variables. */
const nothingKnown: OptionsContext = { env: {}, defaults: { additionallyAllowedTenants: [] } };

/**
 * Checks what is there before the config is loaded: it may add options, and references are resolved
 * where a token is requested.
 */
function checkEarly(
  source: AnySource,
  options: Options,
  path: string,
  known: OptionsContext | undefined,
  requireSource: (name: string) => void,
): void {
  const literal = Object.entries(options).filter(([, option]) => !refersElsewhere(option));
  const isWhole = known !== undefined && literal.length === Object.keys(options).length;
  const read = Object.fromEntries(literal);
  if (isWhole) checkOptions(source, read, path);
  else checkSomeOptions(source, read, path);
  if (source.tenantPolicy !== "fixed") homeTenant(source, read, isWhole ? known : nothingKnown);
  if (isWhole) source.requireOptions?.(read, known, requireSource);
}

/** The sources of the nearest of these identities that is loaded. */
function loadedSources(loading: Loading | undefined): Registry | undefined {
  return loading && (loading.loaded?.parts.common.registry ?? loadedSources(loading.parent));
}

/** Checks options with the loaded config, or with what is known before it is loaded. */
export function createCheckOptions(config: KnownConfig, loading: Loading): CheckOptions {
  let registry: Registry | undefined;
  return function checkOptionsOf(name, given) {
    checkNamed(name, given);
    const { loaded } = loading;
    if (loaded !== undefined) return loaded.links.named(name, given).check();
    const { plugins, isFinal } = knownPlugins(config.place);
    registry ??= createRegistry(
      plugins.map((plugin) => checkPlugin(plugin, "given in the config")),
      config.place.given.mode,
    );
    const ofParent = loadedSources(loading.parent);
    const all = ofParent ?? registry;
    const sourceOf = (named: string, path?: string) => {
      if (ofParent === undefined && !isFinal && all.known(named) === undefined) throw notLoaded();
      return all.sourceOutsideChains(named, path);
    };
    const path = `credential("${name}")`;
    const source = sourceOf(name, path);
    const own = Object.entries(copyPlain(given ?? {})).filter(([, option]) => option !== undefined);
    const options = { ...optionsInCode(config, name), ...Object.fromEntries(own) };
    checkEarly(source, options, path, knownContext(config), sourceOf);
  };
}
