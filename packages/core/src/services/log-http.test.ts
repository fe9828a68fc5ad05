import { expect, it } from "vitest";
import type { Logger } from "../contract/system-services.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createFakeHttp, type FakeReply } from "../test-kit/fake-http.ts";
import { logHttp } from "./log-http.ts";
import { createLogger } from "./logger.ts";

const { signal } = new AbortController();

function setUp(reply: FakeReply) {
  const lines: (readonly [string, object | undefined])[] = [];
  const write = (message: string, fields?: object) => void lines.push([message, fields]);
  const info: Logger = { error: write, warn: write, info: write, debug: () => undefined };
  const http = createFakeHttp(reply);
  return { lines, http, logged: logHttp(http, info, createFakeClock()) };
}

it("writes URL, status and harmless headers, and hides the values of other parameters and headers", async () => {
  const headers = { "content-type": "text/plain", "set-cookie": "c4n4ry" };
  const { lines, logged } = setUp({ status: 401, headers });
  const url = "http://169.254.169.254/token?resource=https%3A%2F%2Fx&client_id=c4n4ry";
  await logged.send({ method: "GET", url, headers: { secret: "c4n4ry" } }, signal);
  const [message, fields] = lines[0] ?? [];
  expect(message).toBe("GET http://169.254.169.254/token?resource=https%3A%2F%2Fx&client_id=- answered 401 in 0 ms");
  expect(fields).toEqual({ headers: { "content-type": "text/plain" } });
  expect(JSON.stringify(lines)).not.toContain("c4n4ry");
});

it("passes request and answer through unchanged", async () => {
  const { http, logged } = setUp({ body: "b" });
  const request = { method: "POST", url: "http://localhost/", body: "a=1" } as const;
  expect(await logged.send(request, signal)).toEqual({ status: 200, headers: {}, body: "b" });
  expect(http.requests).toEqual([request]);
});

it("is the transport itself where nothing would be written", () => {
  const { http } = setUp({});
  const sink: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  expect(logHttp(http, createLogger(sink, "warn"), createFakeClock())).toBe(http);
  expect(logHttp(http, createLogger(sink, "info"), createFakeClock())).not.toBe(http);
});

it("writes that nobody answered, and rejects as before", async () => {
  const error = new Error("nobody");
  const { lines, logged } = setUp(error);
  await expect(logged.send({ method: "GET", url: "http://localhost/a" }, signal)).rejects.toBe(error);
  expect(lines).toEqual([["GET http://localhost/a failed after 0 ms", { error }]]);
});

it("a secret of a header, the query or the body is blanked out of the answer, also where it is escaped", async () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log: Logger = { error: write, warn: write, info: write, debug: write };
  const [key, header, code, secret] = ["k3y-of-arc/", "c4n4ry+header", "c0de-of-ann", 'c4n4ry "secret"'];
  const http = createFakeHttp({
    body: `You sent ${key}, ${header}, ${encodeURIComponent(code)} and ${JSON.stringify(secret)}.`,
  });
  const headers = { Authorization: `Basic ${key}`, "X-IDENTITY-HEADER": header };
  const body = new URLSearchParams({ client_secret: secret }).toString();
  const url = `http://localhost/?code=${code}`;
  await logHttp(http, log, createFakeClock()).send({ method: "POST", url, headers, body }, signal);
  expect((lines.at(-1) as unknown[])[1]).toEqual({
    body: 'You sent [redacted], [redacted], [redacted] and "[redacted]".',
  });
});
