import { expect, it } from "vitest";
import { pageText } from "./page-text.ts";

it.each([
  [undefined, undefined],
  ["AT&amp;T has 1 < 2 orders", "AT&amp;T has 1 < 2 orders"],
  ["<h1>Back to the <b>orders</b>.</h1>", "Back to the orders."],
  ["<html><title>Orders</title>\n<p>One</p><p>Two &amp; three</p></html>", "One Two & three"],
  ["<script>alert(1)</script><p>&lt;done&gt;</p>", "<done>"],
  ["&amp;lt; <br>", "&lt;"],
])("the text of %j is %j", (message, text) => {
  expect(pageText(message)).toBe(text);
});
