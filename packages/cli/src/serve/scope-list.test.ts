import { expect, it } from "vitest";
import { createScopeList } from "./scope-list.ts";

const storage = "https://storage.azure.com/.default";
const arm = "https://management.azure.com//.default";
const read = "https://graph.microsoft.com/User.Read";
const app = "0f0e2b4c-1d3f-4a5b-8c6d-7e8f9a0b1c2d";
const api = "api://0f0e2b4c-1d3f-4a5b-8c6d-7e8f9a0b1c2d/.default";

it.each([
  [storage, storage],
  ["https://STORAGE.azure.com/.default", storage],
  ["https://storage.azure.com//.default", "https://storage.azure.com//.default"],
  ["https://management.azure.com/.default", "https://management.azure.com/.default"],
  ["https://management.azure.com//.default", arm],
  ["https://graph.microsoft.com/user.read", read],
  ["https://storage.azure.com", storage],
  ["https://storage.azure.com/", "https://storage.azure.com//.default"],
  ["0F0E2B4C-1D3F-4A5B-8C6D-7E8F9A0B1C2D", "0f0e2b4c-1d3f-4a5b-8c6d-7e8f9a0b1c2d/.default"],
  [api.toUpperCase().replace("DEFAULT", "default"), api],
])("%s is allowed, and requested as %s", (wanted, requested) => {
  expect(createScopeList([storage, arm, read, api, app]).find(wanted)).toBe(requested);
});

it.each([
  "https://storage.azure.com//",
  "https://storage.azure.com?x",
  "https://storage.azure.com/.default https://vault.azure.net/.default",
  "https://storage.azure.com///.default",
  "https://storage.azure.com/.default/.default",
  "https://storage.azure.com/.default ",
  " https://storage.azure.com/.default",
  "https://storage.azure.com/.defaults",
  "https://storage.azure.com/User.Read",
  "http://storage.azure.com/.default",
  "https://storage.azure.com.evil.example/.default",
  "https%3A%2F%2Fstorage.azure.com%2F.default",
  "https://graph.microsoft.com/.default",
  "https://graph.microsoft.com/User.ReadWrite",
  "https://*/.default",
  "*",
  "/.default",
  "//.default",
  ".default",
  "",
])("%j is not allowed by lists that do not have it", (wanted) => {
  expect(createScopeList([storage, arm, read, api]).find(wanted)).toBeUndefined();
});

it("every scope is allowed where the list says so, and no part of a scope is a pattern", () => {
  expect(createScopeList(["*"]).find("https://vault.azure.net/.default")).toBe("https://vault.azure.net/.default");
  expect(createScopeList(["https://*.azure.net/.default"]).find("https://vault.azure.net/.default")).toBeUndefined();
});
