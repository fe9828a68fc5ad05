import { type AnyProvider, type AnySource, type IdentityPlugin, services, storeSteps } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";

/** The version of the plugin contract that this core supports. */
export const contractVersion = 1;

const kinds = ["deployed", "developer", "interactive"];
const tenantPolicies = ["any", "allow-list", "fixed"];
const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose => typeof value === "object" && value !== null;

/** What to do about a plugin that does not keep to the contract. */
export const reportPlugin = "Report this to the author of the plugin; the contract is in docs/write-a-plugin.md.";

function invalid(origin: string, problem: string, remedy = reportPlugin): ConfigurationError {
  return new ConfigurationError("invalid-plugin", `The plugin ${origin} is not valid: ${problem}`, { remedy });
}

function checkSource(source: unknown, origin: string): asserts source is AnySource {
  if (!isObject(source)) throw invalid(origin, "a source is not an object.");
  const { name } = source;
  if (typeof name !== "string" || !kebab.test(name))
    throw invalid(origin, `the source name "${String(name)}" is not kebab-case.`);
  if (!kinds.includes(String(source.kind)))
    throw invalid(origin, `the kind of "${name}" is not one of ${kinds.join(", ")}.`);
  if (!tenantPolicies.includes(String(source.tenantPolicy)))
    throw invalid(origin, `the tenantPolicy of "${name}" is not one of ${tenantPolicies.join(", ")}.`);
  for (const method of ["subject", "create"]) {
    if (typeof source[method] !== "function") throw invalid(origin, `"${name}" has no ${method}().`);
  }
  if (source.homeTenant !== undefined && !isObject(source.homeTenant))
    throw invalid(origin, `homeTenant of "${name}" is not an object.`);
  for (const method of ["requireOptions", "detect", "accountState"]) {
    if (source[method] !== undefined && typeof source[method] !== "function")
      throw invalid(origin, `${method} of "${name}" is not a function.`);
  }
  for (const number of ["priority", "deadlineMs", "maxConcurrency"]) {
    const ofOptions = number === "deadlineMs" && typeof source[number] === "function";
    if (source[number] !== undefined && !ofOptions && !Number.isFinite(source[number]))
      throw invalid(origin, `${number} of "${name}" is not a number.`);
  }
  checkOptionsSchema(source.options, name, origin);
}

function checkOptionsSchema(options: unknown, owner: string, origin: string): void {
  if (options === undefined) return;
  const { validate } = Object(Object(options)["~standard"]) as { validate?: unknown };
  if (typeof validate === "function") return;
  throw invalid(origin, `the options of "${owner}" are not a Standard Schema.`, "Make them with `defineOptions`.");
}

function checkProvider(provider: unknown, origin: string): asserts provider is AnyProvider {
  if (!isObject(provider) || typeof provider.token !== "symbol") throw invalid(origin, "a service has no token.");
  if (typeof provider.create !== "function")
    throw invalid(origin, `the service "${String(provider.name)}" has no create().`);
  if (typeof provider.name !== "string" || !kebab.test(provider.name))
    throw invalid(origin, `the service name "${String(provider.name)}" is not kebab-case.`);
  if (provider.token === services.tokenStore && typeof Object(provider)[storeSteps] !== "function")
    throw invalid(
      origin,
      `the store "${provider.name}" lacks what core does with it.`,
      "Make it with `defineTokenStore` of @azidentity/core/store.",
    );
  checkOptionsSchema(provider.options, provider.name, origin);
}

/**
 * Checks name, contract version and shape of a plugin before any of its code runs. `origin`: what
 * messages call a plugin without a name.
 *
 * @throws {ConfigurationError} `invalid-plugin`, `plugin-contract`
 */
export function checkPlugin(value: unknown, origin: string): IdentityPlugin {
  if (!isObject(value) || value.contract === undefined) {
    const inside = isObject(value) && isObject(value.default) && value.default.contract !== undefined;
    if (inside)
      throw invalid(origin, "it is the module of a plugin.", 'Pass its default export: require("...").default');
    throw invalid(origin, "it does not export a plugin by default.", "Write: export default definePlugin({ ... })");
  }
  const name = typeof value.name === "string" && value.name !== "" ? value.name : origin;
  if (value.contract !== contractVersion) {
    const isNewer = typeof value.contract === "number" && value.contract > contractVersion;
    throw new ConfigurationError(
      "plugin-contract",
      `The plugin ${name} was written for contract ${String(value.contract)}, this core supports ${contractVersion}.`,
      { remedy: isNewer ? "Update @azidentity/core." : `Update ${name}.` },
    );
  }
  const sources = value.sources ?? [];
  const providers = value.services ?? [];
  if (!Array.isArray(sources) || !Array.isArray(providers))
    throw invalid(name, "`sources` or `services` is not a list.", "Make both lists.");
  for (const source of sources) checkSource(source, name);
  for (const provider of providers) checkProvider(provider, name);
  return { ...(value as unknown as IdentityPlugin), name };
}
