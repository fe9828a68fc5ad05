/**
 * Runs the emulator in a child process of emulator-process.ts, so that its work does not count as
 * ours.
 */
import { type EmulatorOptions, type Fault, startEmulator } from "@azidentity/emulator";

export type Command =
  | { readonly do: "start"; readonly options: EmulatorOptions }
  | { readonly do: "add-faults"; readonly faults: readonly Fault[] }
  | { readonly do: "clear-faults" }
  | { readonly do: "count"; readonly path: string }
  | { readonly do: "create-certificate" };

let running: Awaited<ReturnType<typeof startEmulator>> | undefined;

/** The environment variables of each started host. */
function hostEnvOf(emulator: typeof running, { hosts = {} }: EmulatorOptions): Record<string, Record<string, string>> {
  const names = Object.keys(hosts) as (keyof typeof hosts)[];
  return Object.fromEntries(names.map((name) => [name, emulator?.env(name) ?? {}]));
}

async function run(command: Command): Promise<unknown> {
  if (command.do === "start") {
    running = await startEmulator(command.options);
    const { authorityHost, tenantId, application, caCertificate, caCertificateFile } = running;
    return {
      authorityHost,
      tenantId,
      application,
      caCertificate,
      caCertificateFile,
      env: running.env(),
      hostEnv: hostEnvOf(running, command.options),
    };
  }
  if (running === undefined) throw new Error("The emulator was not started.");
  if (command.do === "add-faults") return running.faults.add(...command.faults);
  if (command.do === "clear-faults") return running.faults.clear();
  if (command.do === "create-certificate") {
    const { certificate, pem } = await running.createCertificate();
    running.credentials.add({ certificate });
    return pem;
  }
  return running.requests.to(command.path).length;
}

// without a parent there is no one to serve
process.on("disconnect", async () => {
  await running?.close();
  process.exit();
});
process.on("message", async (command: Command) => process.send?.((await run(command)) ?? "done"));
