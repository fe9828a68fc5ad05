import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SignInOptions } from "@azidentity/emulator";
import type { World } from "./world.ts";

export interface FakeBrowser extends AsyncDisposable {
  /** The sign-in pages that were opened. */
  readonly pages: readonly URL[];
  /** The last page of each sign-in, which the credential serves. */
  lastPages(): Promise<readonly string[]>;
}

/** Signs in, and returns the page that the credential serves, or redirects to. */
async function signIn(emulator: World["emulator"], page: string, answers: SignInOptions): Promise<string> {
  const { answer } = await emulator.signIn(page, { ...answers, follow: true });
  if (answer?.status !== 302) return answer?.body ?? "";
  return (await fetch(new URL(page).searchParams.get("redirect_uri") ?? page)).text();
}

/** A browser, named by BROWSER, in which the user signs in at every page that is opened. */
export async function startBrowser({ emulator, env, file }: World, answers: SignInOptions = {}): Promise<FakeBrowser> {
  const pages: URL[] = [];
  const ends: Promise<string>[] = [];
  const server = createServer(({ url = "/" }, response) => {
    const page = new URL(url, "http://localhost").searchParams.get("page") ?? "";
    pages.push(new URL(page));
    ends.push(signIn(emulator, page, answers).catch(String));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const tell = `fetch("http://127.0.0.1:${port}/?page=" + encodeURIComponent(process.argv[2]))`;
  const program = file("browser", `#!${process.execPath}\n${tell}\n`, 0o700);
  env({ BROWSER: program, PATH: `${process.env.PATH}:/usr/bin:/bin` }); // the peer's opener is a script
  return {
    pages,
    lastPages: () => Promise.all(ends),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
