import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBroker } from "dbus-native";

/** A session bus in this process without any service. */
export async function openEmptyBus(): Promise<AsyncDisposable & { readonly address: string; readonly socket: string }> {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-bus-"));
  const socket = join(folder, "bus");
  const bus = createBroker();
  const address = await new Promise<string>((resolve, reject) =>
    bus.listen({ socket }, (error, listening) => (error ? reject(error) : resolve(listening))),
  );
  return {
    address,
    socket,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => bus.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
