import { expect, it } from "vitest";
import { html, unescapeHtml } from "./html.ts";

it("html escapes external text and quoted attributes", () => {
  const hostile = `"><script>alert('1')</script>&amp;`;
  const { html: text } = html`<p title="${hostile}">${hostile}</p>`;
  expect(text).toBe(
    `<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">` +
      `&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</p>`,
  );
  expect(unescapeHtml(text)).toBe(`<p title="${hostile}">${hostile}</p>`);
});

it("html inserts HTML unchanged, and omits only false and undefined", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}${false}${undefined}${""}0</ul>`.html).toBe("<ul><li>a</li><li>&lt;b&gt;</li>0</ul>");
});
