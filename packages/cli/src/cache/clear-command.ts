import type { CommandInput } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { say } from "../terminal/say.ts";
import { isSelected } from "./entries.ts";
import { entriesOf, withStore } from "./open-store.ts";

const count = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`;

/** `azid cache clear`. */
export async function run(input: CommandInput, host: Host): Promise<undefined> {
  const { only, signIns } = input.options;
  const selection = { source: typeof only === "string" ? only : undefined, signIns: signIns === true };
  const cleared = await withStore(input, host, async (opened) => {
    const selected = (await entriesOf(opened)).filter((entry) => isSelected(entry, selection));
    for (const { key } of selected) {
      host.signal.throwIfAborted();
      await opened.store.delete(key);
    }
    return selected;
  });
  const tokens = cleared.filter(({ kind }) => kind === "token").length;
  const others = cleared.length - tokens;
  const more = others === 0 ? "" : ` and ${count(others, "entry", "entries")} of sign-ins`;
  await say(host, `Deleted ${count(tokens, "token", "tokens")}${more}.`);
}
