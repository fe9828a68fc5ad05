import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface BrowserCommand {
  /** The value of the variable `BROWSER`: a program with a URL as argument. */
  readonly path: string;
  remove(): void;
}

/** Replaces the system browser: each URL that a client opens is passed to `open`. */
export async function createBrowserCommand(open: (url: string) => void): Promise<BrowserCommand> {
  const server = createServer((request, response) => {
    open(new URL(request.url ?? "/", "http://localhost").searchParams.get("url") ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "azidentity-browser-"));
  const path = join(folder, "browser");
  const { port } = server.address() as AddressInfo;
  const relay = `fetch("http://127.0.0.1:${port}/?url=" + encodeURIComponent(process.argv[2]))`;
  writeFileSync(path, `#!${process.execPath}\n${relay}\n`, { mode: 0o700 });
  return {
    path,
    remove() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
