import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "../http/listen.ts";
import { targetOf } from "../http/target.ts";
import { dashboardReply } from "../pages/dashboard-page.ts";
import { createFeed, type DashboardParts, type Feed } from "./feed.ts";

/** The options of a dashboard. */
export interface DashboardOptions {
  /** Port of the loopback interface. Default: one that the operating system chooses. */
  readonly port?: number;
}

/** A page that shows what the emulator has and does. */
export interface Dashboard {
  /** `http://localhost:{port}/` */
  readonly url: string;
  /** Ends every connection, and resolves when the port is free. Never rejects. */
  close(): Promise<void>;
}

export async function startDashboard(parts: DashboardParts, { port }: DashboardOptions): Promise<Dashboard> {
  const feed = createFeed(parts);
  const listener = await listenOnLoopback(
    undefined,
    (request, response) => answer(parts, feed, request, response),
    port,
  );
  return {
    url: `http://localhost:${listener.port}/`,
    async close() {
      feed.close();
      await listener.close();
    },
  };
}

function answer(parts: DashboardParts, feed: Feed, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const { host, path } = targetOf(request);
  if (!isOwnHost(host)) return void response.writeHead(403).end();
  if (request.method !== "GET") return void response.writeHead(405, { allow: "GET" }).end();
  if (path === "/events") {
    feed.addReader(response);
    return;
  }
  if (path !== "/") return void response.writeHead(404).end();
  const { status, headers, body } = dashboardReply(parts.tenants, feed.shown());
  response.writeHead(status, headers).end(body);
}

/**
 * A page of another site that has its name resolve to this machine would read the journal
 * otherwise.
 */
function isOwnHost(host = ""): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);
}
