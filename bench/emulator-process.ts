import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import tls from "node:tls";
import type { EmulatorOptions, Fault } from "@azidentity/emulator";
import type { Command } from "./emulator-child.ts";

/** What clients need to use the emulator. */
export interface Entra {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  readonly caCertificate: string;
  readonly caCertificateFile: string;
  /** Environment variables with which a new process uses it. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for each started host of managed identities, by name. */
  readonly hostEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An emulator of Entra in a child process. */
export interface EmulatorProcess extends Entra, AsyncDisposable {
  /** Makes later requests fail. */
  addFaults(...faults: readonly Fault[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** Number of requests so far whose path ends with `path`. Default: token requests. `""`: all. */
  count(path?: string): Promise<number>;
  /** A new certificate (PEM, with its key) of the application. */
  createCertificate(): Promise<string>;
}

/** Starts an emulator in a child process, and makes this process trust its certificate. */
export async function startEmulatorProcess(options: EmulatorOptions = {}): Promise<EmulatorProcess> {
  const child = fork(join(import.meta.dirname, "emulator-child.ts"), { serialization: "advanced", execArgv: [] });
  let last: Promise<unknown> = Promise.resolve(); // one command at a time, so that replies need no ids
  const send = <T>(command: Command): Promise<T> => {
    const answer = last.then(async () => {
      const answered = once(child, "message");
      child.send(command);
      return (await answered)[0] as T;
    });
    last = answer;
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
