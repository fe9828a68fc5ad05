import { outcomeError } from "@azidentity/core/plugin";

/** Valid lengths in bytes: 8, or 4 in a 32-bit program. Empty: no window. */
const lengths = [0, 4, 8];

/** Throws unless `handle` is a window handle: the native library would read it as an address. */
export function checkWindowHandle(label: string, handle: unknown): Uint8Array | undefined {
  if (handle === undefined) return undefined;
  if (handle instanceof Uint8Array && lengths.includes(handle.length)) return handle.length === 0 ? undefined : handle;
  const problem = handle instanceof Uint8Array ? `${handle.length} bytes long` : "not a Uint8Array";
  throw outcomeError("misconfigured", `${label}: \`parentWindowHandle\` is ${problem}.`, {
    code: "invalid-window-handle",
    remedy: "Set it to the bytes of the handle, such as the result of Electron's win.getNativeWindowHandle().",
  });
}

/**
 * Encodes the handle for the process of the native library. On macOS it is dropped, because it is
 * an address that is valid only in this process.
 */
export function encodeWindowHandle(system: string, handle: Uint8Array | undefined): string | undefined {
  return handle === undefined || system === "darwin" ? undefined : Buffer.from(handle).toString("base64");
}
