import { expect, it, vi } from "vitest";
import { createAgents } from "./agents.ts";

/** Runs `work`, and returns what it reads of Node's TLS. */
function readsOfTls(work: () => void): string[] {
  const reads: string[] = [];
  const { getBuiltinModule } = process;
  const get = (tls: object, name: string) => {
    reads.push(name);
    return Reflect.get(tls, name);
  };
  const spy = vi.spyOn(process, "getBuiltinModule").mockImplementation((name: string) => {
    const found = getBuiltinModule(name);
    return name === "node:tls" ? new Proxy(found as object, { get }) : found;
  });
  work();
  spy.mockRestore();
  return reads;
}

it("an agent without roots of its own does not read those of Node, which takes milliseconds", () => {
  const url = new URL("https://login.microsoftonline.com");
  const open = (tls?: { readonly ca: string }) =>
    readsOfTls(() => void createAgents().get({ url, tls, proxy: undefined, trust: undefined }));
  expect(open()).toEqual([]);
  expect(open({ ca: "" })).toEqual(["createSecureContext"]);
});
