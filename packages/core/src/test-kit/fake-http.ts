import type { Http, HttpRequest, HttpResponse } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/**
 * What the server does with one request: a response, an error, or silence until the signal ends.
 */
export type FakeReply =
  | Partial<HttpResponse>
  | Error
  | "silence"
  | ((request: HttpRequest) => Partial<HttpResponse> | Error | "silence");

/** The HTTP of a test, with a record of what was sent. */
export interface FakeHttp extends Http {
  /** The requests, in order. */
  readonly requests: readonly HttpRequest[];
}

/**
 * Answers requests in order and repeats the last reply; without replies every request is
 * `unreachable`.
 */
export function createFakeHttp(...replies: readonly FakeReply[]): FakeHttp {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async send(request, signal) {
      signal.throwIfAborted();
      const planned = replies[Math.min(requests.length, replies.length - 1)];
      requests.push(request);
      const reply = typeof planned === "function" ? planned(request) : planned;
      if (reply === undefined) throw outcomeError("unreachable", "No answer from the fake (ECONNREFUSED).");
      if (reply instanceof Error) throw reply;
      if (reply !== "silence") return { status: 200, headers: {}, body: "", ...reply };
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
  };
}
