import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { pageReply } from "./page.ts";
import { formPostPage } from "./plain-pages.ts";

it("a form_post page submits itself by a script that its policy allows, or by its button", () => {
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

it("a form_post page may redirect to a custom scheme", () => {
  const { headers } = pageReply(formPostPage("Contoso", "msauth.example://auth", []));
  expect(headers?.["content-security-policy"]).toContain("form-action 'self' msauth.example:;");
});
