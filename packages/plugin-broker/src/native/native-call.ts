import { outcomeError } from "@azidentity/core/plugin";

/** A call of `NativeBrokerPlugin`, sent as JSON to the process that makes it. */
export interface NativeCall {
  readonly method: "acquireTokenSilent" | "acquireTokenInteractive" | "getAccountById" | "getAllAccounts" | "signOut";
  readonly arguments: readonly unknown[];
  /** Base64. */
  readonly windowHandle?: string | undefined;
  /** The requested account, for which that process looks up the broker's own id. */
  readonly account?:
    | { readonly homeAccountId?: string | undefined; readonly username?: string | undefined }
    | undefined;
}

/** A failure that the broker reported. */
export interface NativeFailure {
  /** Name of the status, as `ErrorStatus` of `@azure/msal-node-runtime` has it. */
  readonly status: string;
  readonly context: string;
  readonly tag?: string | undefined;
}

/** A line that the process prints, as JSON. */
export interface HostReply {
  /** The native library is loaded. */
  readonly ready?: true;
  /** `@azure/msal-node-extensions`, or a dependency of it, is not installed. */
  readonly missing?: true;
  /** Why the native library could not be loaded, or found no broker. */
  readonly unavailable?: string;
  readonly failure?: NativeFailure;
  readonly result?: unknown;
}

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
