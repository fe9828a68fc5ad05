import { missingMethod } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";
import { didYouMean } from "../util/suggest.ts";
import type { ServiceOverrides } from "./services.ts";

export function wrongArgument(message: string, remedy: string): ConfigurationError {
  return new ConfigurationError("invalid-argument", message, { remedy });
}

const replaceable = ["http", "commands", "clock", "logger", "env", "random"] satisfies (keyof ServiceOverrides)[];

/** Copies the services; throws if one is not valid. */
export function checkServices(overrides: ServiceOverrides): ServiceOverrides {
  if (!isJsonObject(overrides))
    throw wrongArgument("The services of createIdentity are not an object.", "See ServiceOverrides.");
  const given = { ...(overrides as ServiceOverrides) };
  for (const [name, service] of Object.entries(given)) {
    if (!(replaceable as string[]).includes(name))
      throw wrongArgument(`createIdentity takes no service "${name}".`, didYouMean(name, replaceable));
    if (service === undefined) continue;
    const method = missingMethod(name, service);
    if (method !== undefined)
      throw wrongArgument(`The service "${name}" has no method ${method}().`, "See ServiceOverrides.");
    if (name === "env" && !isJsonObject(service))
      throw wrongArgument("The environment is not an object.", "Pass an object of variables, like `process.env`.");
    if (name === "random" && typeof service !== "function")
      throw wrongArgument(
        "`random` is not a function.",
        "Pass a function that returns numbers from 0 to 1, like `Math.random`.",
      );
  }
  return given;
}
