import { type Inspection, inspectIdentity } from "@azidentity/core/inspect";
import { services, type TokenStore } from "@azidentity/core/plugin";
import type { CommandInput } from "../command-line/description.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { describeEntry, type StoredEntry } from "./entries.ts";

/** The token store of a project. */
export interface OpenedStore {
  /** As the config names it, e.g. `file`. */
  readonly name: string;
  readonly store: TokenStore;
  /** As `InspectedStore.diagnose`. */
  readonly diagnose: NonNullable<Inspection["store"]>["diagnose"];
}

/**
 * Opens the token store of the config, and closes it after `use`.
 *
 * @throws {CommandError} `no-store`: the config names none
 * @throws {ConfigurationError} what is wrong with the config
 */
export async function withStore<T>(
  input: CommandInput,
  host: Host,
  use: (opened: OpenedStore) => Promise<T>,
): Promise<T> {
  const { identity, project, close } = await openIdentity(host, identitySettingsOf(input));
  try {
    const { store: inspected, context } = await inspectIdentity(identity);
    const store = inspected && (await context.service(services.tokenStore));
    if (inspected === undefined || store === undefined) {
      throw new CommandError(
        "no-store",
        "No token store is configured, so tokens live in the memory of each program.",
        {
          remedy: `Write into ${project?.file ?? "azidentity.config.json"}: "cache": { "store": "file" }`,
          exit: "configuration",
        },
      );
    }
    return await use({ name: inspected.name, store, diagnose: inspected.diagnose });
  } finally {
    await close();
  }
}

/**
 * The entries of a store.
 *
 * @throws {CommandError} `store-without-list`
 */
export async function entriesOf({ name, store }: OpenedStore): Promise<readonly StoredEntry[]> {
  if (store.list === undefined)
    throw new CommandError("store-without-list", `The store "${name}" does not list its entries.`, {
      exit: "configuration",
    });
  const entries: StoredEntry[] = [];
  for await (const entry of store.list()) entries.push(describeEntry(entry));
  return entries;
}
