import type { CommandDescription } from "../command-line/description.ts";
import type { Commands } from "./model.ts";

/** `azid completion`, which completes itself, too: `all` is asked when it runs. */
export const completionCommand = (all: () => Commands): CommandDescription => ({
  name: "completion",
  summary: "print the completion of a shell",
  arguments: [{ name: "<shell>", meaning: "the shell", choices: ["bash", "zsh", "fish"] }],
  examples: [
    {
      command: "source <(azid completion bash)",
      meaning: "in ~/.bashrc; for zsh, in ~/.zshrc after compinit: azid completion zsh",
    },
    { command: "azid completion fish > ~/.config/fish/completions/azid.fish", meaning: "once, for fish" },
  ],
  load: async () => ({ run: (await import("./command.ts")).completionOf(all()) }),
});
