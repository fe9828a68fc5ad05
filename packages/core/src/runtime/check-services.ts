import type { Instrumentation } from "../contract/instrumentation.ts";
import { missingMethod } from "../contract/services.ts";
import { wrongArgument } from "../options/check-named.ts";
import { isPlain } from "../options/plain.ts";
import { isJsonObject } from "../util/json.ts";
import { didYouMean } from "../util/suggest.ts";
import type { ServiceOverrides, SharedOverrides } from "./services.ts";

const shared = ["http", "logger", "env", "instrumentation"] as const satisfies (keyof SharedOverrides)[];
const replaceable = [...shared, "commands", "clock", "random"] as const satisfies (keyof ServiceOverrides)[];

const hooks: readonly string[] = ["acquire", "send"] satisfies (keyof Instrumentation)[];

/**
 * The part of the instrumentation that is no hook. An object of a class may have members of its
 * own.
 */
function brokenHook(given: unknown): string | undefined {
  if (!isJsonObject(given)) return "instrumentation";
  const isHook = (name: string) =>
    hooks.includes(name) ? given[name] === undefined || typeof given[name] === "function" : !isPlain(given);
  const broken = [...hooks, ...Object.keys(given)].find((name) => !isHook(name));
  return broken && `instrumentation.${broken}`;
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
    const broken = name === "instrumentation" && brokenHook(service);
    if (broken) throw wrongArgument(`\`${broken}\` is not valid.`, `The hooks are functions: ${hooks.join(", ")}.`);
    if (name === "random" && typeof service !== "function")
      throw wrongArgument(
        "`random` is not a function.",
        "Pass one that returns numbers from 0 to 1, like `Math.random`.",
      );
  }
  return given;
}
