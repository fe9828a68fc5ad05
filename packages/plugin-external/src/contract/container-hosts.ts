/**
 * The names by which a container calls its host: of Docker, of Docker's virtual machine, of Podman.
 */
export const containerHosts: readonly string[] = [
  "host.docker.internal",
  "gateway.docker.internal",
  "host.containers.internal",
];
