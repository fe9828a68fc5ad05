import type { Prove } from "./proof/proof.ts";

/** An application that signs in, and how it proves that it is itself. */
export interface Application {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  /** Home tenant: id or domain. */
  readonly tenantId: string;
  /** Application (client) id. */
  readonly clientId: string;
  readonly prove: Prove;
}
