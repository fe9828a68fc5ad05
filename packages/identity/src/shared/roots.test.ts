import { afterEach, expect, it, vi } from "vitest";

const plugins = ["entra", "entra/pkcs12", "managed-identity", "dev-tools", "users", "broker"].map(
  (name) => `@azidentity/plugin-${name}`,
);
afterEach(() => {
  for (const name of plugins) vi.doUnmock(name);
  vi.resetModules();
});

it("plugins are loaded one after the other, because Jest 29 links no modules that load at once", async () => {
  const order: string[] = [];
  for (const name of plugins) {
    vi.doMock(name, async (importOriginal) => {
      order.push(`begins ${name}`);
      const module = await importOriginal();
      order.push(`ends ${name}`);
      return module as object;
    });
  }
  const { createRoot } = await import("./roots.ts");
  const identity = await createRoot({});
  await identity.close();
  expect(order).toEqual(plugins.flatMap((name) => [`begins ${name}`, `ends ${name}`]));
});
