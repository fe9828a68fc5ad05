const program = `
  import dns from "node:dns";
  const { lookup } = dns;
  dns.lookup = (name, ...rest) => {
    if (name === "localhost") return lookup(name, ...rest);
    console.error("fenced off:", name);
    const error = Object.assign(new Error("fenced off"), { code: "ENOTFOUND" });
    process.nextTick(rest.at(-1), error);
  };
`;

/**
 * Arguments by which a child process resolves no host name but localhost, and prints the others to
 * stderr. A proxy cannot replace it, because it would also receive the requests to the token proxy
 * of a pod.
 */
export const fence = ["--import", `data:text/javascript,${encodeURIComponent(program)}`];
