import { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";

type Options = Readonly<Record<string, unknown>>;

/** Refuses secrets that stand in a config file as text. */
export interface InlineSecrets {
  /**
   * Refuses a proxy whose URL has a password.
   *
   * @throws {ConfigurationError} `inline-secret`
   */
  refuseProxyPassword(inFile: Pick<IdentityConfig, "http" | "profiles">): void;
  /**
   * Refuses literal text in these options of the file. `path`: where the options are.
   *
   * @throws {ConfigurationError} `inline-secret`
   */
  refuseOptions(options: Options, secrets: readonly string[], path: string): void;
}

const hasPassword = (proxy: unknown) => typeof proxy === "string" && /^[^/@]*(?:\/\/)?[^/@]*:[^/]*@/.test(proxy);

/** Secret options that are text where only a reference is allowed. */
const isText = (option: unknown) => [option].flat().some((value) => typeof value === "string");

/** Loaded only where there is a file. */
export function createInlineSecrets(file: string): InlineSecrets {
  const refuse = (path: string, what: string) => {
    throw new ConfigurationError("inline-secret", `${path} in ${file} contains a ${what}.`, {
      file,
      path,
      remedy: 'Write a reference instead, like { "env": "NAME" } or { "file": "path" }, or set `allowInlineSecrets`.',
    });
  };
  return {
    refuseProxyPassword({ http, profiles = {} }) {
      const all = [
        ["http.proxy", http?.proxy] as const,
        ...Object.entries(profiles).map(
          ([name, profile]) => [`profiles.${name}.http.proxy`, profile.http?.proxy] as const,
        ),
      ];
      const found = all.find(([, proxy]) => hasPassword(proxy));
      if (found !== undefined) refuse(found[0], "password");
    },
    refuseOptions(options, secrets, path) {
      const name = secrets.find((one) => isText(options[one]));
      if (name !== undefined) refuse(`${path}.${name}`, "secret");
    },
  };
}
