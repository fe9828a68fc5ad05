import { markBackground, workDone } from "../async/abort.ts";
import type { Clock } from "../contract/system-services.ts";
import type { Link } from "./link.ts";

/** Milliseconds until a silent host is probed again, each after the probe before. After the last one its silence is final. */
const pausesMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000];

/** Milliseconds that callers wait for such a probe: a host on the same machine answers in less, and a mute network costs no more. */
const waitMs = 100;

export interface Watcher {
  /** It is time for `probe`. */
  onDue(): void;
  /** A probe has ended. `isThere`: one of the hosts has been recognised. */
  onProbed(isThere: boolean): void;
}

/** The links whose hosts were silent when a developer source answered in their place: they may only have been slow to start. */
export interface SilentHosts {
  /** Watches these links, and no others, from now on. */
  watch(links: readonly Link[], watcher: Watcher): void;
  /** Whether callers are to `probe` before they ask the winner. */
  readonly isDue: boolean;
  /** Probes them and waits a moment for the answer, which the watcher gets whenever it comes. */
  probe(): Promise<void>;
}

interface Watch {
  readonly links: readonly Link[];
  readonly watcher: Watcher;
}

/** A signal of work that holds no process open. */
function backgroundSignal(): AbortController {
  const controller = new AbortController();
  markBackground(controller.signal);
  return controller;
}

async function isThere(link: Link, signal: AbortSignal): Promise<boolean> {
  const state = (await link.probe(signal).catch(() => undefined))?.state;
  return state === "likely" || state === "ready";
}

export function createSilentHosts(clock: Clock): SilentHosts {
  let probes = 0; // of this chain in all, whichever links were silent: it is the machine that is young
  let current: Watch | undefined;
  let isDue = false;
  let isWaiting = false;

  const arm = (watch: Watch): void => {
    const pauseMs = pausesMs[probes];
    if (pauseMs === undefined) return;
    const onTime = () => {
      if (current !== watch) return;
      isDue = true;
      watch.watcher.onDue();
    };
    clock.sleep(pauseMs, backgroundSignal().signal).then(onTime, () => undefined);
  };

  const probeAll = async (watch: Watch): Promise<void> => {
    const { signal } = backgroundSignal();
    const found = (await Promise.all(watch.links.map((link) => isThere(link, signal)))).includes(true);
    probes++;
    if (current !== watch) return;
    watch.watcher.onProbed(found);
    if (!found) arm(watch);
  };

  return {
    watch(links, watcher) {
      current = links.length === 0 ? undefined : { links, watcher };
      isDue = false;
      if (current !== undefined) arm(current);
    },
    get isDue() {
      return isDue || isWaiting;
    },
    async probe() {
      if (!isDue || current === undefined) return;
      isDue = false;
      isWaiting = true;
      const waiting = new AbortController(); // not of the background: a caller waits
      const moment = clock.sleep(waitMs, waiting.signal).catch(() => undefined);
      await Promise.race([probeAll(current), moment]);
      isWaiting = false;
      waiting.abort(workDone);
    },
  };
}
