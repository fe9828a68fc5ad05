import { expect, it } from "vitest";
import { isGuid } from "./tenant.ts";

it.each(["72f988bf-86f1-41af-91ab-2d7cd011db47", "72F988BF-86F1-41AF-91AB-2D7CD011DB47"])(
  "isGuid accepts %s",
  (text) => {
    expect(isGuid(text)).toBe(true);
  },
);

it.each([
  "contoso.onmicrosoft.com",
  "common",
  "",
  "72f988bf86f141af91ab2d7cd011db47",
  "{72f988bf-86f1-41af-91ab-2d7cd011db47}",
  "72f988bf-86f1-41af-91ab-2d7cd011db47\n",
  undefined,
])("isGuid refuses %j", (text) => {
  expect(isGuid(text)).toBe(false);
});
