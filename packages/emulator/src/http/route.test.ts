import { expect, it } from "vitest";
import { matchPath, type Route } from "./route.ts";

const handle = () => ({ status: 200 });
const routes: Route[] = [
  { method: "GET", path: "/:tenant/keys", handle },
  { method: "POST", path: "/:tenant/keys", handle },
  { method: "GET", path: "/common/keys", handle },
];

it.each([
  ["/contoso/keys", ["GET /:tenant/keys", "POST /:tenant/keys"]],
  ["/common/keys", ["GET /:tenant/keys", "POST /:tenant/keys", "GET /common/keys"]],
  ["/contoso/keys/", []],
  ["/keys", []],
])("matchPath finds every route of %s", (path, expected) => {
  expect(matchPath(routes, path).map(({ route }) => `${route.method} ${route.path}`)).toEqual(expected);
});

it("a path parameter is percent-decoded if its encoding is valid", () => {
  const parameters = (path: string) => matchPath(routes, path)[0]?.parameters;
  expect(parameters("/a%20b/keys")).toEqual({ tenant: "a b" });
  expect(parameters("/a%zz/keys")).toEqual({ tenant: "a%zz" });
});
