import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";
import type { IdentityConfig } from "./define.ts";

/** The profile that is asked for, as a layer over its config; an empty one when none is. */
export function selectProfile(
  config: IdentityConfig,
  asked: string | undefined,
  file: string | undefined,
): IdentityConfig {
  const name = asked ?? config.profile;
  if (name === undefined) return {};
  const profiles: Readonly<Record<string, object>> = config.profiles ?? {};
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  throw new ConfigurationError(
    "unknown-profile",
    `There is no profile "${name}"${file === undefined ? "" : ` in ${file}`}.`,
    {
      file,
      path: "profiles",
      remedy: didYouMean(name, Object.keys(profiles)),
    },
  );
}
