/** What the variables are made of. */
export interface EnvironmentFacts {
  readonly authorityHost: string;
  readonly caCertificateFile: string;
  readonly tenantId: string;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
}

const scenes = {
  "service-principal": ({ authorityHost, tenantId, application }: EnvironmentFacts) => ({
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: application.clientId,
    AZURE_CLIENT_SECRET: application.clientSecret,
  }),
};

/** Where a client believes to run. */
export type Scene = keyof typeof scenes;

/** The variables that put a client in a scene, and let a child process of Node.js trust the emulator. */
export function describeEnvironment(scene: Scene, facts: EnvironmentFacts): Record<string, string> {
  if (!Object.hasOwn(scenes, scene)) {
    throw new TypeError(`There is no scene "${scene}"; there is ${Object.keys(scenes).join(", ")}.`);
  }
  return { ...scenes[scene](facts), NODE_EXTRA_CA_CERTS: facts.caCertificateFile };
}
