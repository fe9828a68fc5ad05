import { outcomeError } from "@azidentity/core/plugin";

/** Bytes of a handle: 8, or 4 in a program of 32 bits. Empty: there is no window. */
const lengths = [0, 4, 8];

/** Refuses what is no window handle: the native part would take it for an address. */
export function checkWindowHandle(who: string, handle: unknown): Uint8Array | undefined {
  if (handle === undefined) return undefined;
  if (handle instanceof Uint8Array && lengths.includes(handle.length)) return handle.length === 0 ? undefined : handle;
  const what = handle instanceof Uint8Array ? `${handle.length} bytes long` : "no Uint8Array";
  throw outcomeError("misconfigured", `${who}: \`parentWindowHandle\` is ${what}.`, {
    code: "invalid-window-handle",
    remedy: "Give the bytes of the handle, as Electron's win.getNativeWindowHandle() does.",
  });
}

/** The handle as it travels to the native part's process. A Mac's is an address of this process, and means nothing in another one. */
export function encodeWindowHandle(system: string, handle: Uint8Array | undefined): string | undefined {
  return handle === undefined || system === "darwin" ? undefined : Buffer.from(handle).toString("base64");
}
