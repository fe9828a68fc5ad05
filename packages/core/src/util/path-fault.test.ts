import { expect, it } from "vitest";
import type { FileEntry, FileFacts } from "./file-facts.ts";
import { findPathFault, type PathTrust } from "./path-fault.ts";

const [root, ann, mallory] = [0, 1000, 1001];
const team = 2000;
const folder = (mode: number, uid = root, gid = uid) => ({ uid, gid, mode: 0o040000 | mode, dev: 1 });
const file = (mode: number, uid = ann, gid = uid) => ({ uid, gid, mode: 0o100000 | mode, dev: 1 });
const link = (target: string, uid = ann) => ({ uid, gid: uid, mode: 0o120777, dev: 1, target });

type Tree = Readonly<Record<string, Omit<FileEntry, "target"> & { readonly target?: string }>>;

/** A machine on which ann runs, with these files. */
function machine(tree: Tree, more: Partial<FileFacts> = {}): FileFacts {
  return {
    user: ann,
    group: ann,
    home: undefined,
    entry: (path) => tree[path] && { target: undefined, ...tree[path] },
    realPath: (path) => path,
    isReadOnly: () => false,
    ...more,
  };
}

const faultOf = (path: string, tree: Tree, trust: PathTrust = {}, more: Partial<FileFacts> = {}) => {
  const found = findPathFault(path, trust, machine(tree, more));
  return found && `${found.kind} ${found.chmod ?? found.uid} ${found.path}`;
};

const closed = { "/etc": folder(0o755) };
it.each<[string, FileEntry | Tree[string], string | undefined]>([
  ["of the user that runs is safe", file(0o644), undefined],
  ["of root is safe", file(0o644, root), undefined],
  ["of another account is its owner's", file(0o600, mallory), "owner 1001 /etc/c"],
  ["that all may write is writable", file(0o646), "writable o-w /etc/c"],
  ["that the private group of its owner may write is safe", file(0o664), undefined],
  ["of root that the group of the process may write is safe", file(0o664, root, ann), undefined],
  ["that root's group may write is safe", file(0o664, ann, 0), undefined],
  ["that another group may write is writable", file(0o664, ann, team), "writable g-w /etc/c"],
  ["that another group and all may write is writable", file(0o666, root, team), "writable go-w /etc/c"],
])("a file %s", (_, entry, fault) => {
  expect(faultOf("/etc/c", { ...closed, "/etc/c": entry })).toBe(fault);
});

const own = { "/a/b/c": file(0o644), "/a/b": folder(0o755, ann) };
it.each<[string, Tree[string], string | undefined]>([
  ["root's", folder(0o755), undefined],
  ["that all may write", folder(0o777), "writable o-w /a"],
  ["that all may add to, and only owners may take from", folder(0o1777), undefined],
  ["of another account", folder(0o755, mallory), "owner 1001 /a"],
  ["of another account with the sticky bit", folder(0o1777, mallory), "owner 1001 /a"],
  ["that another group may write", folder(0o775, root, team), "writable g-w /a"],
])("a file below a folder %s has the fault of that folder", (_, above, fault) => {
  expect(faultOf("/a/b/c", { ...own, "/a": above })).toBe(fault);
});

it("a file of another account is reported rather than the folder above it that all may write", () => {
  expect(faultOf("/a/c", { "/a": folder(0o777), "/a/c": file(0o644, mallory) })).toBe("owner 1001 /a/c");
  const linked = { "/a": folder(0o777), "/a/c": link("/b/c"), "/b": folder(0o755, mallory), "/b/c": file(0o644) };
  expect(faultOf("/a/c", linked)).toBe("owner 1001 /b");
});

it("a sticky bit does not protect a folder that is searched", () => {
  const tree = { "/tmp": folder(0o1777), "/tmp/c": file(0o644) };
  expect(faultOf("/tmp/c", tree, { searched: "/tmp" })).toBe("writable o-w /tmp");
});

it("a link is checked by its target, by the folders of both, and by its own owner", () => {
  const target = { "/srv": folder(0o755), "/srv/open": folder(0o777), "/srv/open/c": file(0o644) };
  expect(faultOf("/etc/c", { ...closed, ...target, "/etc/c": link("../srv/open/c") })).toBe("writable o-w /srv/open");
  const good = { ...closed, "/etc/real": file(0o644) };
  expect(faultOf("/etc/c", { ...good, "/etc/c": link("real") })).toBeUndefined();
  expect(faultOf("/tmp/c", { ...good, "/tmp": folder(0o1777), "/tmp/c": link("/etc/real", mallory) })).toBe(
    "owner 1001 /tmp/c",
  );
  expect(faultOf("/open/c", { ...good, "/open": folder(0o777), "/open/c": link("/etc/real") })).toBe(
    "writable o-w /open",
  );
  expect(faultOf("/a/x/c", { ...good, "/a": folder(0o755), "/a/x": link("/etc"), "/etc/c": file(0o646) })).toBe(
    "writable o-w /etc/c",
  );
});

it("the check ends at circular links and at what does not exist", () => {
  expect(faultOf("/a", { "/a": link("/b"), "/b": link("/a") })).toBeUndefined();
  expect(faultOf("/etc/none/c", closed)).toBeUndefined();
});

it("the owners and groups of the settings are trusted, and nothing above its folders is checked", () => {
  const tree = {
    "/srv": folder(0o777),
    "/srv/app": folder(0o775, mallory, team),
    "/srv/app/c": file(0o664, mallory, team),
  };
  const trust = { owners: [mallory], groups: [team], within: ["/srv/app"] };
  expect(faultOf("/srv/app/c", tree, trust)).toBeUndefined();
  expect(faultOf("/srv/app/c", tree, { ...trust, owners: [] })).toBe("owner 1001 /srv/app");
  expect(faultOf("/srv/app/c", tree, { ...trust, groups: [] })).toBe("writable g-w /srv/app");
  expect(faultOf("/srv/app/c", tree, { ...trust, within: ["/sr/app"] })).toBe("writable o-w /srv");
});

it("nothing above the home folder is checked, because an account that may change that owns the home folder anyway", () => {
  const tree = { "/data": folder(0o771, 7), "/data/home": folder(0o700, ann), "/data/home/c": file(0o644) };
  expect(faultOf("/data/home/c", tree)).toBe("owner 7 /data");
  expect(faultOf("/data/home/c", tree, {}, { home: "/data/home" })).toBeUndefined();
});

it("another device that is mounted read-only is not checked, as Kubernetes mounts a ConfigMap", () => {
  const tree = {
    ...closed,
    "/etc/map": { ...folder(0o777), dev: 2 },
    "/etc/map/c": { ...link("..data/c", root), dev: 2 },
    "/etc/map/..data": { ...link("..1", root), dev: 2 },
    "/etc/map/..1": { ...folder(0o755), dev: 2 },
    "/etc/map/..1/c": { ...file(0o644, mallory), dev: 2 },
  };
  const isReadOnly = (path: string) => path.startsWith("/etc/map");
  expect(faultOf("/etc/map/c", tree, { device: 1 }, { isReadOnly })).toBeUndefined();
  expect(faultOf("/etc/map/c", tree, { device: 1 })).toBe("owner 1001 /etc/map/..1/c");
  // a service whose whole file system is read-only for itself (systemd's ProtectSystem) says
  // nothing about other accounts
  expect(faultOf("/etc/map/c", tree, { device: 2 }, { isReadOnly })).toBe("owner 1001 /etc/map/..1/c");
});

it("no path has a fault where owners are not numbers", () => {
  const tree = { "/c": file(0o666, mallory) };
  expect(faultOf("/c", tree, {}, { user: undefined })).toBeUndefined();
});

it("root trusts only root when it runs the program", () => {
  const tree = { "/c": file(0o644, ann) };
  expect(faultOf("/c", tree, {}, { user: root, group: root })).toBe("owner 1000 /c");
});
