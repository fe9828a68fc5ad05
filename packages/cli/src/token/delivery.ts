import type { AccessToken, Identity } from "@azidentity/core";
import type { ExitCode } from "../exit-codes.ts";

/** What a token is requested for. */
export interface TokenAsk {
  readonly scopes: readonly string[];
  readonly tenantId?: string;
  /** JSON text of a claims challenge. */
  readonly claims?: string;
  /** GUID of the request in the logs of Entra. */
  readonly correlationId?: string | undefined;
}

/** How the token gets to the program that wants it. */
export interface Delivery {
  /** What is requested where the command line does not say. */
  readonly ask?: Partial<TokenAsk>;
  /**
   * What standard output gets. `identity`: the one that the token is of, for requests that it
   * takes.
   */
  readonly print: (token: AccessToken, identity: Identity) => string | Promise<string>;
  /** What standard output gets in place of an error on standard error. */
  readonly printError?: (error: unknown) => string;
}

/** The end of a request that needs no token: what is printed, and the exit code. */
export interface Settled {
  readonly settled: { readonly text?: string; readonly code?: ExitCode };
}
