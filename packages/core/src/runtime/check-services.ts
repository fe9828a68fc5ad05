import { missingMethod } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";
import { didYouMean } from "../util/suggest.ts";
import type { ServiceOverrides, SharedOverrides } from "./services.ts";

export function wrongArgument(message: string, remedy: string): ConfigurationError {
  return new ConfigurationError("invalid-argument", message, { remedy });
}

const shared = ["http", "logger", "env", "instrumentation"] as const satisfies (keyof SharedOverrides)[];
const replaceable = [...shared, "commands", "clock", "random"] as const satisfies (keyof ServiceOverrides)[];

/** The part of the instrumentation that is no function. */
function brokenHook(given: unknown): string | undefined {
  if (!isJsonObject(given)) return "`instrumentation` is not an object with functions, or one of them";
  const hooks = ["acquire", "send"].filter((name) => given[name] !== undefined && typeof given[name] !== "function");
  return hooks[0] && `\`instrumentation.${hooks[0]}\``;
}

/** Copies the services; throws if one is not valid. */
export function checkServices(overrides: ServiceOverrides): ServiceOverrides {
  return check(overrides, replaceable, "createIdentity");
}

/** The same for `Identity.with`. The variables are copied, too. */
export function checkSharedServices(overrides: SharedOverrides): SharedOverrides {
  const { env, ...given } = check(overrides, shared, "identity.with");
  return env === undefined ? given : { ...given, env: Object.freeze({ ...env }) };
}

function check<N extends keyof ServiceOverrides>(
  overrides: Pick<ServiceOverrides, N>,
  names: readonly N[],
  taker: string,
): Pick<ServiceOverrides, N> {
  if (!isJsonObject(overrides))
    throw wrongArgument(`The services of ${taker} are not an object.`, "See ServiceOverrides.");
  const given = { ...(overrides as Pick<ServiceOverrides, N>) };
  for (const [name, service] of Object.entries(given)) {
    if (!(names as readonly string[]).includes(name))
      throw wrongArgument(`${taker} takes no service "${name}".`, didYouMean(name, names));
    if (service === undefined || (name === "http" && typeof service === "function")) continue;
    const method = missingMethod(name, service);
    if (method !== undefined)
      throw wrongArgument(`The service "${name}" has no method ${method}().`, "See ServiceOverrides.");
    if (name === "env" && !isJsonObject(service))
      throw wrongArgument("The environment is not an object.", "Pass an object of variables, like `process.env`.");
    const hook = name === "instrumentation" ? brokenHook(service) : undefined;
    if (hook !== undefined) throw wrongArgument(`${hook} is not a function.`, "See Instrumentation.");
    if (name === "random" && typeof service !== "function")
      throw wrongArgument(
        "`random` is not a function.",
        "Pass a function that returns numbers from 0 to 1, like `Math.random`.",
      );
  }
  return given;
}
