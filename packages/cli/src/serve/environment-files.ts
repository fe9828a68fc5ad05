import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../host.ts";
import { userFolder } from "../project/user-folder.ts";
import type { ClientKey } from "./client-keys.ts";
import { writePrivateFile } from "./private-file.ts";
import { containerFileVariable, type Variable, variablesFile, variablesOf } from "./variables.ts";

/** The files with which one client gets its variables. */
export interface ClientFiles {
  readonly client: string;
  /** For programs of this machine. */
  readonly here: string;
  /** For containers. */
  readonly container: string;
}

/** What one client gets. */
export interface ClientVariables extends ClientFiles {
  /** Those of `here`. */
  readonly variables: readonly Variable[];
}

export interface EnvironmentFiles {
  readonly clients: readonly ClientVariables[];
  /** Removes them: their keys are worth nothing any more. */
  remove(): Promise<void>;
}

/** What the name of the file for containers has after that of the client. */
export const endOfContainers = ".container";

/** Where a program reaches the relay. */
export interface Origins {
  /** From this machine, e.g. `http://127.0.0.1:41817`. */
  readonly here: string;
  /** From a container. */
  readonly container: string;
}

const otherFolder = "Set XDG_RUNTIME_DIR to a folder of your own, which no other user can enter.";

/**
 * Writes the variables of each client, with its key, to files that only this user can read: keys
 * then are neither on a screen nor in the arguments of a process.
 *
 * @param port names the folder, so that the path stays the same for a relay with `--port`
 */
export async function writeEnvironmentFiles(
  clients: readonly ClientKey[],
  origins: Origins,
  port: number,
  host: Pick<Host, "environment" | "home" | "platform">,
): Promise<EnvironmentFiles> {
  const folder = await folderOf(host, port);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const written: ClientVariables[] = [];
    for (const { name, key } of clients) {
      const [here, container] = [join(folder, `${name}.env`), join(folder, `${name}${endOfContainers}.env`)];
      const variables = [...variablesOf(origins.here, key), [containerFileVariable, container] as const];
      await writePrivateFile(here, variablesFile(variables, host.platform), otherFolder);
      await writePrivateFile(container, variablesFile(variablesOf(origins.container, key), host.platform), otherFolder);
      written.push({ client: name, here, container, variables });
    }
    return { clients: written, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * In the folder of the user's session, which is in memory and ends with it; where there is none,
 * beside the settings of `azid`, else in a folder of its own for temporary files.
 */
async function folderOf(host: Pick<Host, "environment" | "home" | "platform">, port: number): Promise<string> {
  const { XDG_RUNTIME_DIR: session } = host.environment;
  if (session) return join(session, `azid-relay-${port}`);
  const own = userFolder(host);
  return own === undefined ? mkdtemp(join(tmpdir(), "azid-relay-")) : join(own, `relay-${port}`);
}
