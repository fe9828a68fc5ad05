import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { pageReply } from "./page.ts";
import { formPostPage } from "./plain-pages.ts";

it("a page that carries an answer sends itself by a script that the policy names, or by its button", () => {
  const fields = [["state", `"><script>`]] as const;
  const { body, headers } = pageReply(formPostPage("Contoso", "http://localhost:4711/back", fields));
  const [, script = ""] = /<script>([^<]+)<\/script>/.exec(String(body)) ?? [];
  const hash = createHash("sha256").update(script).digest("base64");
  expect(headers?.["content-security-policy"]).toContain(
    `script-src 'sha256-${hash}'; form-action 'self' http://localhost:4711;`,
  );
  expect(body).toContain(`<form method="post" action="http://localhost:4711/back">`);
  expect(body).toContain(`<input type="hidden" name="state" value="&quot;&gt;&lt;script&gt;">`);
  expect(body).toContain('<button class="primary">Continue</button>');
});

it("a page may lead to an application's own scheme", () => {
  const { headers } = pageReply(formPostPage("Contoso", "msauth.example://auth", []));
  expect(headers?.["content-security-policy"]).toContain("form-action 'self' msauth.example:;");
});
