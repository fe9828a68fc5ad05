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

it("logHttp writes URL, status and harmless headers, without the values of other parameters and headers", async () => {
  const headers = { "content-type": "text/plain", "set-cookie": "c4n4ry" };
  const { lines, logged } = setUp({ status: 401, headers });
  const url = "http://169.254.169.254/token?resource=https%3A%2F%2Fx&client_id=c4n4ry";
  await logged.send({ method: "GET", url, headers: { secret: "c4n4ry" } }, signal);
  const [message, fields] = lines[0] ?? [];
  expect(message).toBe("GET http://169.254.169.254/token?resource=https%3A%2F%2Fx&client_id=- answered 401 in 0 ms");
  expect(fields).toEqual({ headers: { "content-type": "text/plain" } });
  expect(JSON.stringify(lines)).not.toContain("c4n4ry");
});

it("logHttp does not change request and response", async () => {
  const { http, logged } = setUp({ body: "b" });
  const request = { method: "POST", url: "http://localhost/", body: "a=1" } as const;
  expect(await logged.send(request, signal)).toEqual({ status: 200, headers: {}, body: "b" });
  expect(http.requests).toEqual([request]);
});

it("logHttp returns the transport itself when the log level is off", () => {
  const { http } = setUp({});
  const sink: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  expect(logHttp(http, createLogger(sink, "warn"), createFakeClock())).toBe(http);
  expect(logHttp(http, createLogger(sink, "info"), createFakeClock())).not.toBe(http);
});

it("logHttp writes a failed exchange and rejects with its error", async () => {
  const error = new Error("no answer");
  const { lines, logged } = setUp(error);
  await expect(logged.send({ method: "GET", url: "http://localhost/a" }, signal)).rejects.toBe(error);
  expect(lines).toEqual([["GET http://localhost/a failed after 0 ms", { error }]]);
});

it("logHttp blanks out secrets of the request in the response, even escaped ones", async () => {
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
