import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pageHeaders, renderPage } from "./page.ts";
import { donePage, failedPage } from "./pages.ts";

const html = (reason: string) => renderPage(failedPage(reason, {}));

describe("a sign-in page", () => {
  it("a sign-in page shows markup as text", () => {
    const page = html(`<script>alert("1")</script><img src=x onerror='alert(1)'>&amp;`);
    expect(page).toContain(
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;",
    );
    expect(page).not.toMatch(/<script|<img|<a |<form|<input/);
  });

  it("replaces control and bidirectional characters", () => {
    expect(html("a\u202Eb\u0000c\r\nd")).toContain("<p>a b c d</p>");
  });

  it("truncates a long reason", () => {
    expect(html("x".repeat(100_000)).length).toBeLessThan(5_000);
  });

  it("allows only its own style by its content security policy", () => {
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(html("")) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    const headers = pageHeaders();
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(html("")).not.toMatch(/ style=| on[a-z]+=/);
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  });
});

describe("the text of a sign-in page", () => {
  it("the text of a sign-in page names the signed-in user, and what to do next", () => {
    const page = renderPage(donePage("ann@contoso.example", {}));
    expect(page).toContain("<title>You are signed in</title>");
    expect(page).toContain("<p>Signed in as ann@contoso.example.</p>");
    expect(page).toContain("close this window");
  });

  it("the text of a sign-in page can be replaced by the program, as plain text", () => {
    const texts = { successMessage: "Back to <b>Orders</b>!", errorMessage: "Call 555 & ask." };
    expect(renderPage(donePage("", texts))).toContain("<p>Back to &lt;b&gt;Orders&lt;/b&gt;!</p>");
    const failed = renderPage(failedPage("The sign-in was declined.", texts));
    expect(failed).toContain("<p>The sign-in was declined.</p>\n<p>Call 555 &amp; ask.</p>");
  });
});
