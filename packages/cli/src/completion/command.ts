import type { CommandInput, RunCommand } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { write } from "../terminal/write.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { type Commands, type Place, placesOf } from "./model.ts";
import { zshCompletion } from "./zsh.ts";

const shells: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `azid completion`, over the commands that there are. */
export function completionOf(commands: Commands): RunCommand {
  return async ({ arguments: [shell = ""] }: CommandInput, host: Host) => {
    await write(host.output, shells[shell]?.(placesOf(commands)) ?? "");
    return undefined;
  };
}
