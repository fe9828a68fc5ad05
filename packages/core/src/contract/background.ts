const mark = Symbol.for("@azidentity/background");

/** Marks work that nobody waits for, so that whatever it holds open does not keep the process alive. */
export function markBackground(signal: AbortSignal): void {
  Object.defineProperty(signal, mark, { value: true, configurable: true });
}

/** Whether nobody waits for what this signal would end. */
export function isBackground(signal: AbortSignal): boolean {
  return (signal as { [mark]?: true })[mark] === true;
}
