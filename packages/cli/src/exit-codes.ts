/** How a command can end. docs/azid.md has the same table; a test compares both. */
export const exitCodes = {
  ok: { code: 0, meaning: "Done." },
  failed: { code: 1, meaning: "It was tried, and failed." },
  usage: { code: 2, meaning: "The command line is wrong: an unknown command or option, a missing or invalid value." },
  signInNeeded: { code: 3, meaning: "No identity is signed in, or a user has to sign in, consent or pass a check." },
  untrusted: { code: 4, meaning: "The project names code that has not been trusted; see `azid trust`." },
  configuration: { code: 5, meaning: "The config, or a variable, is wrong." },
  interrupted: { code: 130, meaning: "Ended by Ctrl-C or by a signal." },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>;

/** A name of the table. */
export type ExitName = keyof typeof exitCodes;

/** The number with which the process ends. */
export type ExitCode = number;
