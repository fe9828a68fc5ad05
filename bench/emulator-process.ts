import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import tls from "node:tls";
import type { EmulatorOptions, Fault } from "@azidentity/emulator";
import type { Command } from "./emulator-child.ts";

/** What clients have to know of an emulator. */
export interface Entra {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly caCertificate: string;
  readonly caCertificateFile: string;
  /** Variables that make a fresh process use it. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for each host of managed identities that was started, by its name. */
  readonly hostEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An emulator of Entra in a child process. */
export interface EmulatorProcess extends Entra, AsyncDisposable {
  /** What goes wrong with the requests to come. */
  addFaults(...faults: readonly Fault[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** Requests that have arrived so far: for tokens, or those whose path has another end (`""`: all). */
  count(path?: string): Promise<number>;
  /** A new certificate (PEM, with its key) by which the application may sign in. */
  createCertificate(): Promise<string>;
}

/** Starts an emulator, and makes this process trust it. */
export async function startEmulatorProcess(options: EmulatorOptions = {}): Promise<EmulatorProcess> {
  const child = fork(join(import.meta.dirname, "emulator-child.ts"), { serialization: "advanced", execArgv: [] });
  let turn: Promise<unknown> = Promise.resolve(); // one command at a time, so that answers need no numbers
  const send = <T>(command: Command): Promise<T> => {
    const answer = turn.then(async () => {
      const answered = once(child, "message");
      child.send(command);
      return (await answered)[0] as T;
    });
    turn = answer;
    return answer;
  };
  const entra = await send<Entra>({ do: "start", options });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), entra.caCertificate]);
  return {
    ...entra,
    addFaults: (...faults) => send({ do: "add-faults", faults }),
    clearFaults: () => send({ do: "clear-faults" }),
    createCertificate: () => send({ do: "create-certificate" }),
    count: (path = "/token") => send({ do: "count", path }),
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
