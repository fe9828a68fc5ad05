import type { Clock } from "../clock.ts";
import type { Capabilities } from "../faults/faulty-reply.ts";
import type { ServerCertificate } from "../http/certificates.ts";
import type { JsonObject, Reply, ServerRequest } from "../http/message.ts";
import type { HostRefusal } from "./host-refusal.ts";
import type { Identities } from "./managed-identities.ts";
import type { IssueManagedToken } from "./managed-token.ts";

/** The dependencies of a host. */
export interface HostTools {
  readonly identities: Identities;
  readonly issue: IssueManagedToken;
  readonly clock: Clock;
  /** The tenant of the identities. */
  readonly tenantId: string;
  /** PEM of the emulator's certificate authority. A host with its own certificate appends it. */
  readonly caCertificate: string;
}

/** The protocol of a kind of host: its endpoint, token responses and error responses. */
export interface HostProtocol {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The path of its health check, which always succeeds. Default: none. */
  readonly health?: string;
  /** The host name in the endpoint. Default: 127.0.0.1. */
  readonly hostName?: string;
  /** Returns the body of a token response, or throws a `HostRefusal`. */
  readonly answer: (request: ServerRequest) => Promise<JsonObject>;
  readonly refuse: (refusal: HostRefusal) => Reply | Promise<Reply>;
  /** The error response with this HTTP status. */
  readonly failure: (status: number) => Reply;
  /** The challenge of a fault. */
  readonly challenge?: Capabilities["challenge"];
  /** The environment variables by which clients find it. */
  readonly env: (endpoint: string) => Record<string, string>;
  /** The server certificate. Default: plain HTTP. */
  readonly certificate?: ServerCertificate;
  /** Additional properties of {@link Host}. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Removes its files. */
  readonly close?: () => Promise<void>;
}
