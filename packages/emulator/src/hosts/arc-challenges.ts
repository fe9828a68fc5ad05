import { join } from "node:path";
import type { KeyFolder } from "./arc-key-folder.ts";

/**
 * How Arc words its challenge, by name: as its agent does, or so that no client should follow it. The key behind it is a real
 * one wherever there is a file at all, so who follows it anyway is served.
 */
const forms = {
  /** What the agent says. */
  "azure-arc": async (keys: KeyFolder) => basic(await keys.write()),
  /** The path between quotes. */
  "azure-arc-quoted": async (keys: KeyFolder) => basic(`"${await keys.write()}"`),
  /** The key with a line break at its end. */
  "azure-arc-line-break": async (keys: KeyFolder) => basic(await keys.write({ end: "\n" })),
  /** 4096 bytes, which are just not too many. */
  "azure-arc-largest": async (keys: KeyFolder) => basic(await keys.write({ size: 4096 })),

  /** Another parameter behind the realm. */
  "azure-arc-parameter": async (keys: KeyFolder) => `${basic(await keys.write())}, charset="UTF-8"`,
  /** Another scheme. */
  "azure-arc-bearer": async (keys: KeyFolder) => `Bearer realm=${await keys.write()}`,
  /** No realm at all. */
  "azure-arc-no-realm": async () => "Basic",
  /** A key outside the directory of the keys. */
  "azure-arc-elsewhere": async (keys: KeyFolder) => basic(await keys.write({ folder: keys.elsewhere })),
  /** The same, by a path that begins with that directory. */
  "azure-arc-parent": async (keys: KeyFolder) => {
    const path = await keys.write({ folder: keys.elsewhere });
    return basic(`${keys.directory}/${keys.pathFromDirectory(path)}`);
  },
  /** A link in the directory to a key outside. */
  "azure-arc-symlink": async (keys: KeyFolder) => basic(await keys.link(await keys.write({ folder: keys.elsewhere }))),
  /** A directory with the name of a key. */
  "azure-arc-directory": async (keys: KeyFolder) => basic(await keys.makeDirectory()),
  /** A file that is not called `.key`. */
  "azure-arc-no-extension": async (keys: KeyFolder) => basic(await keys.write({ extension: "" })),
  /** 4097 bytes. */
  "azure-arc-oversize": async (keys: KeyFolder) => basic(await keys.write({ size: 4097 })),
  /** No bytes. */
  "azure-arc-empty": async (keys: KeyFolder) => basic(await keys.write({ size: 0 })),
  /** A file that is not there. */
  "azure-arc-missing": async (keys: KeyFolder) => basic(join(keys.directory, keys.newName())),
};

export type ArcChallengeForm = keyof typeof forms;

export const arcChallengeForms: readonly string[] = Object.keys(forms);

export function isArcChallengeForm(name: string): name is ArcChallengeForm {
  return Object.hasOwn(forms, name);
}

/** The value of `WWW-Authenticate`, once the file is there. */
export function formatArcChallenge(form: ArcChallengeForm, keys: KeyFolder): Promise<string> {
  return forms[form](keys);
}

function basic(realm: string): string {
  return `Basic realm=${realm}`;
}
