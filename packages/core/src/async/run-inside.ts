/** Work that a hook of the caller surrounds. */
export interface Surrounded<T, Seen> {
  /** Does the work; called once. */
  readonly work: (context: unknown) => Promise<T>;
  /** What the hook sees of the work: settles as that does. */
  readonly seen: (running: Promise<T>) => Promise<Seen>;
  /** Called when the hook fails although the work does not. */
  readonly onFault: (fault: unknown) => void;
}

const notRun = () => new TypeError("it returned before it called `run`");

/**
 * Does work inside a hook, which gets a function that begins it. The hook decides nothing: the work
 * is done once, whether the hook throws, calls the function never, late or twice, or never settles.
 */
export function runInside<T, Seen>(
  hook: (run: (context?: unknown) => Promise<Seen>) => unknown,
  { work, seen, onFault }: Surrounded<T, Seen>,
): Promise<T> {
  let running: Promise<T> | undefined;
  const run = (context?: unknown): Promise<Seen> => {
    running ??= work(context);
    const shown = seen(running);
    shown.catch(() => undefined); // a hook that does not await it leaves no unhandled rejection
    return shown;
  };
  try {
    const around = hook(run);
    if (running === undefined) onFault(notRun());
    Promise.resolve(around).catch((fault) =>
      running?.then(
        () => onFault(fault),
        () => undefined,
      ),
    ); // it usually is the error of the work
  } catch (fault) {
    onFault(fault);
  }
  running ??= work(undefined);
  return running;
}
