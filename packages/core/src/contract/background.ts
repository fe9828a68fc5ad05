const mark = Symbol.for("@azidentity/background");

/**
 * Marks work in the background by the signal that ends it: timers and connections which get this signal from a clock or a transport of the
 * core do not keep the process alive.
 */
export function markBackground(signal: AbortSignal): void {
  Object.defineProperty(signal, mark, { value: true, configurable: true });
}

/** Whether what this signal would end is work in the background. */
export function isBackground(signal: AbortSignal): boolean {
  return (signal as { [mark]?: true })[mark] === true;
}
