import type { Clock } from "../clock.ts";
import type { Capabilities } from "../faults/faulty-reply.ts";
import type { ServerCertificate } from "../http/certificates.ts";
import type { JsonObject, Reply, ServerRequest } from "../http/message.ts";
import type { HostRefusal } from "./host-refusal.ts";
import type { Identities } from "./managed-identities.ts";
import type { IssueManagedToken } from "./managed-token.ts";

/** What every host works with. */
export interface HostTools {
  readonly identities: Identities;
  readonly issue: IssueManagedToken;
  readonly clock: Clock;
  /** What clients trust already; a host with a certificate of its own adds that. */
  readonly caCertificate: string;
}

/** The protocol of one kind of host: how it is asked, what it answers, and in which words it refuses. */
export interface HostProtocol {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What its clients call the machine. Default: 127.0.0.1. */
  readonly hostName?: string;
  /** The body that carries a token, or a `HostRefusal` thrown. */
  readonly answer: (request: ServerRequest) => Promise<JsonObject>;
  readonly refuse: (refusal: HostRefusal) => Reply | Promise<Reply>;
  /** How it words a failure with this status. */
  readonly failure: (status: number) => Reply;
  /** How it words a challenge that a fault asks for. */
  readonly challenge?: Capabilities["challenge"];
  /** The variables by which its clients find it. */
  readonly env: (endpoint: string) => Record<string, string>;
  /** With a certificate it speaks HTTPS. */
  readonly certificate?: ServerCertificate;
  /** What users may know of it, beside what they may know of every host. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Removes what it has written. */
  readonly close?: () => Promise<void>;
}
