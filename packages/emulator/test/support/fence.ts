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
 * Arguments by which a child process finds no machine but this one, and says on stderr which one it looked for. A proxy would fence off
 * what goes through the token proxy of a pod, too: the client chooses its proxy by the address that it would have asked else.
 */
export const fence = ["--import", `data:text/javascript,${encodeURIComponent(program)}`];
