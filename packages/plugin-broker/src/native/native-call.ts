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
