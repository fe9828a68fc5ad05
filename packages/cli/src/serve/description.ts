import { identityOptions, jsonOption } from "../command-line/common-options.ts";
import type { CommandDescription } from "../command-line/description.ts";

/** `azid serve`, as help, completion and the parser read it. */
export const serveCommand: CommandDescription = {
  name: "serve",
  summary: "give tokens of this machine to containers and other programs",
  details:
    "Runs a relay on loopback until Ctrl-C, or until the program after -- has ended. It answers as the managed identity of App Service, so that every Azure SDK in every language works with two variables; as the host of azd; and by the exec contract over HTTP. It writes the variables of each client, with its key, into files that only this user can read, and prints how programs and containers use them.\n\nOnly scopes named by --allow are given. Tokens that a program has got stay valid until they expire, also after Ctrl-C.",
  options: [
    { flags: "--allow <scope>", meaning: "scope that clients get tokens for", repeatable: true, required: true },
    {
      flags: "--client <name>",
      meaning: 'client with a key and files of its own (default: one, "default")',
      repeatable: true,
    },
    ...identityOptions,
    {
      flags: "--allow-tenant <tenant>",
      meaning: "tenant that clients may name besides that of the identity",
      repeatable: true,
    },
    { flags: "--port <number>", meaning: "port (default: one that is free)" },
    {
      flags: "--listen <address>",
      meaning: "private address to listen on besides loopback, such as that of Docker's network",
      repeatable: true,
    },
    {
      flags: "--host <name>",
      meaning: "name of this machine that clients use besides those it knows",
      repeatable: true,
    },
    { flags: "--socket <path>", meaning: "Unix socket to listen on, too", kind: "file" },
    {
      flags: "--key-file <path>",
      meaning: "file that keeps the keys for the next run (default: new keys)",
      kind: "file",
    },
    jsonOption,
  ],
  rest: "a program and its arguments, which gets the variables of the first client",
  examples: [
    {
      command: "azid serve --allow https://storage.azure.com/.default",
      meaning: "tokens of Azure Storage for programs and containers",
    },
    {
      command: "azid serve --allow https://storage.azure.com/.default -- docker compose up",
      meaning: "the same for one program, until it has ended",
    },
    {
      command: "azid serve --allow https://storage.azure.com/.default --listen 172.17.0.1",
      meaning: "the same for containers of Docker Engine on Linux",
    },
    {
      command: "azid serve --allow https://vault.azure.net/.default --port 41817 --key-file ~/.config/azid/relay-keys",
      meaning: "the same port and keys in every run, for containers that are kept",
    },
  ],
  load: () => import("./command.ts"),
};
