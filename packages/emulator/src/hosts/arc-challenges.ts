import { join } from "node:path";
import type { KeyFolder } from "./arc-key-folder.ts";

/**
 * The formats of Azure Arc's challenge: the valid ones of the agent, and invalid ones that clients
 * have to reject. Every key file has a valid key, so that a client which accepts an invalid
 * challenge receives a token.
 */
const formats = {
  /** The format of the agent. */
  "azure-arc": async (keys: KeyFolder) => basic(await keys.write()),
  /** A path in quotes. */
  "azure-arc-quoted": async (keys: KeyFolder) => basic(`"${await keys.write()}"`),
  /** A key with a line break at its end. */
  "azure-arc-line-break": async (keys: KeyFolder) => basic(await keys.write({ end: "\n" })),
  /** A key of the maximum size, 4096 bytes. */
  "azure-arc-largest": async (keys: KeyFolder) => basic(await keys.write({ size: 4096 })),

  /** A parameter after the realm. */
  "azure-arc-parameter": async (keys: KeyFolder) => `${basic(await keys.write())}, charset="UTF-8"`,
  /** Another scheme. */
  "azure-arc-bearer": async (keys: KeyFolder) => `Bearer realm=${await keys.write()}`,
  /** No realm. */
  "azure-arc-no-realm": async () => "Basic",
  /** A key outside of the key directory. */
  "azure-arc-elsewhere": async (keys: KeyFolder) => basic(await keys.write({ folder: keys.elsewhere })),
  /** A key outside of the key directory, by a path that begins with it. */
  "azure-arc-parent": async (keys: KeyFolder) => {
    const path = await keys.write({ folder: keys.elsewhere });
    return basic(`${keys.directory}/${keys.pathFromDirectory(path)}`);
  },
  /** A symbolic link in the key directory to a key outside of it. */
  "azure-arc-symlink": async (keys: KeyFolder) => basic(await keys.link(await keys.write({ folder: keys.elsewhere }))),
  /** A directory with the name of a key file. */
  "azure-arc-directory": async (keys: KeyFolder) => basic(await keys.makeDirectory()),
  /** A file without the extension `.key`. */
  "azure-arc-no-extension": async (keys: KeyFolder) => basic(await keys.write({ extension: "" })),
  /** A key of 4097 bytes, which is too large. */
  "azure-arc-oversize": async (keys: KeyFolder) => basic(await keys.write({ size: 4097 })),
  /** An empty file. */
  "azure-arc-empty": async (keys: KeyFolder) => basic(await keys.write({ size: 0 })),
  /** A file that does not exist. */
  "azure-arc-missing": async (keys: KeyFolder) => basic(join(keys.directory, keys.newName())),
};

export type ArcChallengeFormat = keyof typeof formats;

export const arcChallengeFormats: readonly string[] = Object.keys(formats);

export function isArcChallengeFormat(name: string): name is ArcChallengeFormat {
  return Object.hasOwn(formats, name);
}

/** Writes the key file and returns the value of `WWW-Authenticate`. */
export function formatArcChallenge(format: ArcChallengeFormat, keys: KeyFolder): Promise<string> {
  return formats[format](keys);
}

function basic(realm: string): string {
  return `Basic realm=${realm}`;
}
