import type { CommandInput } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { say } from "../terminal/say.ts";
import { type Column, table } from "../terminal/table.ts";
import { columnsOf } from "../terminal/width.ts";
import { write, writeJson } from "../terminal/write.ts";
import { type StoredEntry, timeLeft, whoseText } from "./entries.ts";
import { entriesOf, withStore } from "./open-store.ts";

const columns = (now: number): readonly Column<StoredEntry>[] => [
  { title: "what", cell: ({ kind, source }) => source ?? kind },
  { title: "whose", cell: (entry) => plainLine(whoseText(entry)) },
  { title: "tenant", cell: ({ tenantId = "" }) => plainLine(tenantId) },
  { title: "for", cell: ({ scopes = [], clientId = "" }) => plainLine(scopes.join(" ") || clientId) },
  { title: "expires", cell: ({ expiresOnTimestamp }) => timeLeft(expiresOnTimestamp, now) },
];

/** An entry as JSON. */
function toJson({ key: _, expiresOnTimestamp, ...entry }: StoredEntry): object {
  return {
    ...entry,
    ...(expiresOnTimestamp !== undefined && { expiresOn: new Date(expiresOnTimestamp).toISOString() }),
  };
}

/** `azid cache list`. */
export async function run(input: CommandInput, host: Host): Promise<undefined> {
  const entries = await withStore(input, host, entriesOf);
  if (input.options.json === true) await writeJson(host.output, entries.map(toJson));
  else if (entries.length === 0) await say(host, "The token store is empty.");
  else await write(host.output, `${table(columns(host.now()), entries, columnsOf(host.output)).join("\n")}\n`);
}
