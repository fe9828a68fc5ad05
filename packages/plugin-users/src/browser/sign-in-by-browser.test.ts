import { outcomeError } from "@azidentity/core/plugin";
import { errorOf } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import { post, send } from "../../test/browser-request.ts";
import type { SignInPage } from "../user/code-sign-in.ts";
import type { SignedIn } from "../user/sign-in.ts";
import { parseRedirectUri } from "./redirect-uri.ts";
import { type BrowserSettings, signInByBrowser } from "./sign-in-by-browser.ts";

type Seen = { readonly status: number; readonly body: string };
type Visit = (redirectUri: string, state: string) => unknown;

/** The tokens of the user with this name. */
const tokensOf = (username: string): SignedIn => ({
  issued: { token: "opaque", tokenType: "Bearer", expiresOnTimestamp: 1 },
  record: { authority: "login.example", homeAccountId: "1.2", clientId: "app", tenantId: "2", username },
  refreshToken: undefined,
});

const neverAborted = new AbortController().signal;

/** A sign-in in which `visit` is done in the browser. */
function start(
  visit: Visit,
  {
    redeem = async (code: string) => tokensOf(code),
    urlFor = async (uri: string) => uri,
    signal = neverAborted,
    ...change
  }: Partial<BrowserSettings & Pick<SignInPage, "redeem" | "urlFor">> & { readonly signal?: AbortSignal } = {},
) {
  const open = (url: string) => {
    visit(url, "s1");
    return new Promise<never>(() => undefined);
  };
  const redirectUri = parseRedirectUri("browser", "http://localhost");
  const settings: BrowserSettings = { sourceName: "browser", redirectUri, responseMode: "form_post", texts: {}, open };
  return signInByBrowser({ ...settings, ...change }, { state: "s1", urlFor, redeem }, signal);
}

/** How a sign-in ended, and what the person saw. */
async function signIn(
  visit: (redirectUri: string, state: string) => Promise<Seen>,
  redeem?: (code: string) => Promise<SignedIn>,
) {
  const seen = Promise.withResolvers<Seen>();
  const outcome = await start((uri, state) => visit(uri, state).then(seen.resolve), { redeem }).then(
    (result) => ({ result, error: undefined }),
    (error) => ({ result: undefined, error }),
  );
  return { ...outcome, ...(await seen.promise) };
}

describe("the page after a browser sign-in", () => {
  it("the page after a browser sign-in names the user after the code has been redeemed", async () => {
    const { result, status, body } = await signIn((uri, state) => post(uri, { state, code: "ann" }));
    expect(result).toEqual(tokensOf("ann"));
    expect([status, body]).toEqual([200, expect.stringContaining("Signed in as ann.")]);
  });

  it("the page after a browser sign-in shows the reason and the next step when the code cannot be redeemed", async () => {
    const { error, status, body } = await signIn(
      (uri, state) => post(uri, { state, code: "c1" }),
      async () => {
        throw outcomeError("rejected", "browser: the code was refused.", {
          code: "code-refused",
          remedy: "Try again.",
        });
      },
    );
    expect(error).toMatchObject({ code: "code-refused" });
    expect([status, body]).toEqual([400, expect.stringContaining("<p>The code was refused.</p>")]);
  });

  it("the page after a browser sign-in does not show the message of a foreign error", async () => {
    const { error, body } = await signIn(
      (uri, state) => post(uri, { state, code: "canary" }),
      async (code) => {
        throw new TypeError(`Bad ${code}`);
      },
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(body).toContain("Something unexpected went wrong.");
    expect(body).not.toContain("canary");
  });
});

describe("a response of the sign-in page", () => {
  const answers: Record<string, [Record<string, string>, string, string]> = {
    "that the person declined": [{ error: "access_denied" }, "cancelled", "sign-in-declined"],
    "that the person declined to consent": [
      { error: "access_denied", error_description: "AADSTS65004: User declined to consent to access the app." },
      "cancelled",
      "sign-in-declined",
    ],
    "that the user is not assigned to the application": [
      { error: "access_denied", error_description: "AADSTS50105: The signed in user is not assigned to a role." },
      "rejected",
      "user-refused",
    ],
    "with an error of Entra's": [
      { error: "invalid_request", error_description: "AADSTS50011: The redirect URI does not match." },
      "misconfigured",
      "redirect-uri-refused",
    ],
    "with a script in its description": [
      { error: "server_error", error_description: "<script>alert(1)</script>" },
      "rejected",
      "entra-refused",
    ],
    "without a code": [{ client_info: "…" }, "failed", "invalid-sign-in-answer"],
    "with an empty code": [{ code: "" }, "failed", "invalid-sign-in-answer"],
  };
  it.each(Object.entries(answers))("%s ends the sign-in", async (_, [fields, outcome, code]) => {
    const { error, status, body } = await signIn((uri, state) => post(uri, { ...fields, state }));
    expect(error).toMatchObject({ outcome, code });
    expect([status, body]).toEqual([400, expect.stringContaining("You are not signed in")]);
    expect(body).not.toContain("<script");
  });

  it("a response of the sign-in page with two codes is refused", async () => {
    const { error, body } = await signIn((uri, state) => post(uri, `state=${state}&code=canary-1&code=canary-2`));
    expect(error).toMatchObject({ outcome: "failed", code: "invalid-sign-in-answer" });
    expect(error.message + body).not.toContain("canary");
  });

  it("a response of the sign-in page in the query is refused when a form was requested", async () => {
    const { error, status, body } = await signIn((uri, state) => send(`${uri}?code=canary&state=${state}`));
    expect(error).toMatchObject({ outcome: "failed", code: "invalid-sign-in-answer" });
    expect(status).toBe(400);
    expect(error.message + body).not.toContain("canary");
  });
});

describe("a browser sign-in without a response", () => {
  it("a browser sign-in without a response ends with the signal, and closes its page", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let page = "";
    const visit: Visit = (uri) => {
      page = uri;
      controller.abort(new Error("enough"));
    };
    expect(await errorOf(start(visit, { signal }))).toBe(signal.reason);
    expect((await send(page)).status).toBe(0);
  });

  it("opens nothing when the signal is already aborted", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await errorOf(start(() => expect.unreachable(), { signal }))).toBe(signal.reason);
  });

  it("opens nothing when the signal is aborted before the URL is known", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const known = Promise.withResolvers<string>();
    const opened: string[] = [];
    const urlFor = () => {
      controller.abort(new Error("enough"));
      return known.promise;
    };
    expect(await errorOf(start((uri) => opened.push(uri), { urlFor, signal }))).toBe(signal.reason);
    known.resolve("http://localhost");
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toEqual([]);
  });

  it("a browser sign-in without a response fails as soon as the browser fails", async () => {
    const failure = outcomeError("not-installed", "browser: the browser did not open.", { code: "browser-failed" });
    expect(await errorOf(start(() => undefined, { open: () => Promise.reject(failure) }))).toBe(failure);
  });
});
