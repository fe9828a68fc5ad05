import type { Readable, Writable } from "node:stream";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";

/** A value to choose, and what the list shows for it. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/**
 * Asks the user at the terminal. Questions are on standard error, so that the result stays alone.
 */
export interface Ask {
  confirm(question: string, initial?: boolean): Promise<boolean>;
  select<T extends string>(question: string, choices: readonly Choice<T>[], initial?: T): Promise<T>;
  multiselect<T extends string>(
    question: string,
    choices: readonly Choice<T>[],
    initial?: readonly T[],
  ): Promise<readonly T[]>;
  text(question: string, settings?: { readonly placeholder?: string; readonly initial?: string }): Promise<string>;
}

const cancelled = () => new CommandError("interrupted", "Cancelled.", { exit: "interrupted" });

/** Whether a user can be asked. */
export const canAsk = ({ input, errorOutput, environment }: Host): boolean =>
  input.isTTY === true && errorOutput.isTTY === true && environment.TERM !== "dumb";

/**
 * Loads the prompts.
 *
 * @param instead what to type where there is no terminal, e.g. `Add --yes.`
 * @throws {CommandError} `not-interactive`: there is no terminal
 */
export async function createAsk(host: Host, instead: string): Promise<Ask> {
  if (!canAsk(host)) {
    throw new CommandError("not-interactive", "This has to be answered at a terminal, and there is none.", {
      remedy: instead,
      exit: "usage",
    });
  }
  const { confirm, select, multiselect, text, isCancel } = await import("@clack/prompts");
  const streams = {
    input: host.input as Readable,
    output: host.errorOutput as Writable,
    signal: host.signal,
  };
  const answered = async <T>(answer: Promise<T>): Promise<Exclude<T, symbol>> => {
    const value = await answer;
    if (isCancel(value)) throw cancelled();
    return value as Exclude<T, symbol>;
  };
  return {
    confirm: (message, initialValue = false) => answered(confirm({ ...streams, message, initialValue })),
    select: <T extends string>(message: string, choices: readonly Choice<T>[], initialValue?: T) =>
      answered(select<T>({ ...streams, message, options: [...choices] as never, initialValue })) as Promise<T>,
    multiselect: <T extends string>(message: string, choices: readonly Choice<T>[], initial: readonly T[] = []) => {
      const options = { options: [...choices] as never, initialValues: [...initial], required: false };
      return answered(multiselect<T>({ ...streams, message, ...options })) as Promise<readonly T[]>;
    },
    text: (message, { placeholder, initial } = {}) =>
      answered(text({ ...streams, message, placeholder, initialValue: initial })),
  };
}
