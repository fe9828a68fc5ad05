import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SignInOptions } from "@azidentity/emulator";
import type { World } from "./world.ts";

export interface FakeBrowser extends AsyncDisposable {
  /** The sign-in pages that were opened. */
  readonly pages: readonly URL[];
}

/** A browser, named by BROWSER, in which the user signs in at every page that is opened. */
export async function startBrowser({ emulator, env, file }: World, answers: SignInOptions = {}): Promise<FakeBrowser> {
  const pages: URL[] = [];
  const server = createServer(({ url = "/" }, response) => {
    const page = new URL(url, "http://localhost").searchParams.get("page") ?? "";
    pages.push(new URL(page));
    void emulator.signIn(page, { ...answers, follow: true }).catch(() => undefined);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const tell = `fetch("http://127.0.0.1:${port}/?page=" + encodeURIComponent(process.argv[2]))`;
  const program = file("browser", `#!${process.execPath}\n${tell}\n`, 0o700);
  env({ BROWSER: program, PATH: `${process.env.PATH}:/usr/bin:/bin` }); // the peer's opener is a script
  return {
    pages,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
