/** One call of `NativeBrokerPlugin`, as it travels to the process that makes it. */
export interface NativeCall {
  readonly method: "acquireTokenSilent" | "acquireTokenInteractive" | "getAccountById" | "getAllAccounts" | "signOut";
  readonly arguments: readonly unknown[];
  /** Base64. */
  readonly windowHandle?: string | undefined;
  /** Whom the request is for, when the broker's own id of the account is not known. */
  readonly account?:
    | { readonly homeAccountId?: string | undefined; readonly username?: string | undefined }
    | undefined;
}

/** What the broker said instead of a result. */
export interface NativeFailure {
  /** Name of the status, as `ErrorStatus` of `@azure/msal-node-runtime` has it. */
  readonly status: string;
  readonly context: string;
  readonly tag?: string | undefined;
}

/** What that process prints: JSON, one a line. */
export interface HostReply {
  /** The native part is loaded. */
  readonly ready?: true;
  /** `@azure/msal-node-extensions`, or what it needs, is not installed. */
  readonly missing?: true;
  /** Why the native part could not be loaded, or has no broker. */
  readonly unavailable?: string;
  readonly failure?: NativeFailure;
  readonly result?: unknown;
}
