import { markBackground, workDone } from "../async/abort.ts";
import type { Clock } from "../contract/system-services.ts";
import type { Link } from "./link.ts";

/**
 * Pauses before each probe of a silent host, counted from the last one. After the last probe the
 * election is final.
 */
const pausesMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000];

/**
 * How long callers wait for such a probe: a host on the same machine answers sooner, and a silent
 * network costs no more.
 */
const maxWaitMs = 100;

export interface Watcher {
  /** Called when a probe is due. */
  onDue(): void;
  /** Called when a probe has ended. `isThere`: it recognised one of the hosts. */
  onProbed(isThere: boolean): void;
}

/**
 * Watches links whose hosts were silent when a developer source was elected: they may only have
 * been slow to start.
 */
export interface SilentHosts {
  /** Watches these links from now on, in place of those before. */
  watch(links: readonly Link[], watcher: Watcher): void;
  /** Whether callers have to `probe` before they use the winner. */
  isDue(): boolean;
  /**
   * Probes the links and waits a moment for the answer; the watcher gets it even if it comes later.
   */
  probe(): Promise<void>;
}

interface Watch {
  readonly links: readonly Link[];
  readonly watcher: Watcher;
}

/** A signal of work that does not keep the process alive. */
function backgroundSignal(): AbortController {
  const controller = new AbortController();
  markBackground(controller.signal);
  return controller;
}

async function isThere(link: Link, signal: AbortSignal): Promise<boolean> {
  const state = (await link.probe(signal).catch(() => undefined))?.state;
  return state === "likely" || state === "ready";
}

/** Whether one of the hosts was recognised. */
async function isOneThere({ links }: Watch): Promise<boolean> {
  const { signal } = backgroundSignal();
  return (await Promise.all(links.map((link) => isThere(link, signal)))).includes(true);
}

/** Calls `onTime` after the pause, in the background; never without a pause. */
function afterPause(clock: Clock, ms: number | undefined, onTime: () => void): void {
  if (ms !== undefined) clock.sleep(ms, backgroundSignal().signal).then(onTime, () => undefined);
}

/** Waits for the work, but no longer than a caller is made to wait. */
async function waitBriefly(clock: Clock, work: Promise<void>): Promise<void> {
  const waiting = new AbortController(); // not background work: a caller waits
  await Promise.race([work, clock.sleep(maxWaitMs, waiting.signal).catch(() => undefined)]);
  waiting.abort(workDone);
}

export function createSilentHosts(clock: Clock): SilentHosts {
  let probes = 0; // of this chain, whichever links were silent: pauses count from the machine's start
  let current: Watch | undefined;
  let isDue = false;
  let isWaiting = false;

  const arm = (watch: Watch): void =>
    afterPause(clock, pausesMs[probes], () => {
      if (current !== watch) return;
      isDue = true;
      watch.watcher.onDue();
    });

  const probeAll = async (watch: Watch): Promise<void> => {
    const found = await isOneThere(watch);
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
    isDue: () => isDue || isWaiting,
    async probe() {
      if (!isDue || current === undefined) return;
      isDue = false;
      isWaiting = true;
      await waitBriefly(clock, probeAll(current));
      isWaiting = false;
    },
  };
}
