/** A Worker whose requests share one identity, and a gate before Entra that tests shut and open. */
import { startEmulator } from "@azidentity/emulator";
import { startWorker } from "./worker.ts";

/** Lets requests to Entra pass, or wait. */
function createGate() {
  let asked = 0;
  let open = Promise.withResolvers<void>();
  let reached = Promise.withResolvers<void>();
  open.resolve();
  return {
    onRequest: () => {
      asked++;
      reached.resolve();
      return open.promise;
    },
    /** Requests from now on wait. Resolves with the first of them. */
    shut() {
      open = Promise.withResolvers();
      reached = Promise.withResolvers();
      return reached.promise;
    },
    open: () => open.resolve(),
    get asked() {
      return asked;
    },
  };
}

/** A Worker whose requests share one identity, and Entra behind a gate. */
export async function startShared(folder: string, program = "shared-worker.mjs", resources = {}) {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator());
  const entra = createGate();
  const { AZURE_AUTHORITY_HOST: _, ...bindings } = emulator.env("service-principal");
  const { get, getUntil, runSchedule } = stack.use(
    await startWorker({ folder, program, emulator, bindings, onRequest: entra.onRequest, resources }),
  );
  const disposables = stack.move();
  return { get, getUntil, runSchedule, entra, emulator, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

type SharedWorker = Awaited<ReturnType<typeof startShared>>;

/** Requests of a Worker, by their paths. */
interface Requests {
  /** Its client leaves while it waits for Entra. */
  readonly leaves: string;
  /** Sent before that, and after it. */
  readonly before: readonly string[];
  readonly after?: readonly string[];
}

/** What requests are answered that wait for Entra while the client of the first of them leaves. */
export async function getAfterFirstLeft(worker: SharedWorker, { leaves, before, after = [] }: Requests) {
  const reached = worker.entra.shut();
  const leave = Promise.withResolvers<void>();
  const first = worker.getUntil(leaves, leave.promise);
  await reached;
  const earlier = before.map(worker.get);
  leave.resolve();
  if ((await first) !== "left") throw new Error(`The request ${leaves} was answered before its client left.`);
  const later = after.map(worker.get);
  worker.entra.open();
  return Promise.all([...earlier, ...later]);
}
