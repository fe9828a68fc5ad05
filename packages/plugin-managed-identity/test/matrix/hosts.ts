import { fileURLToPath } from "node:url";
import type { Machine } from "../../src/machine.ts";
import { azureTag, fakeMachine } from "../support.ts";
import type { Reply } from "./faults.ts";

/** What tells that this is Azure, in the words of the rule. */
export type Evidence =
  /** Variables of a host, or the option `source`. */
  | "variables"
  /** Some of these variables are missing or empty. */
  | "incomplete"
  /** The tag on the chassis, or the folder of the guest agent. */
  | "machine"
  /** Nothing on the machine, but the metadata service answers in its own JSON. */
  | "own-answer"
  /** Nothing, and what is at the address answers like another cloud. */
  | "stranger"
  /** Nothing, and what is at the address answers like a gateway whose service is starting. */
  | "gateway"
  /** Nothing at all. */
  | "none"
  /** The tag on the chassis is another one. */
  | "other";

export interface MatrixHost {
  readonly title: string;
  readonly evidence: Evidence;
  readonly env: Readonly<Record<string, string>>;
  readonly machine?: Machine;
  /** Options of the source in the config. */
  readonly options?: object;
  /** What the probe, a request without the `Metadata` header, gets; the default is the fault. */
  readonly probe?: Reply;
  /** A user-assigned identity is named. */
  readonly isUserAssigned?: boolean;
  /** The host's own answer instead of a token. */
  readonly hasNoIdentity?: boolean;
  /** Its tokens are those of the user who is signed in to the developer tools as well. */
  readonly isOfUser?: boolean;
  /** What is spoken there; the default is the protocol of a host that variables announce. */
  readonly protocol?: "metadata-service" | "entra";
}

const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token", IDENTITY_HEADER: "header-of-the-site" };
const ml = { MSI_ENDPOINT: "http://127.0.0.1:46808/MSI/auth", MSI_SECRET: "secret-of-the-site" };
const fabric = {
  IDENTITY_ENDPOINT: "https://localhost:2377/metadata/identity/oauth2/token",
  IDENTITY_HEADER: "header-of-the-code",
  IDENTITY_SERVER_THUMBPRINT: "AB".repeat(20),
  IDENTITY_API_VERSION: "2019-07-01-preview",
};
const arc = {
  IDENTITY_ENDPOINT: "http://localhost:40342/metadata/identity/oauth2/token",
  IMDS_ENDPOINT: "http://localhost:40342",
};
const tokenFile = fileURLToPath(new URL("../token-of-a-pod.txt", import.meta.url));
const pod = {
  AZURE_FEDERATED_TOKEN_FILE: tokenFile,
  AZURE_CLIENT_ID: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f",
  AZURE_TENANT_ID: "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501",
  AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
};

const tagged = fakeMachine({ tag: azureTag });
const windows = { platform: "win32" } as const;
const agentFolder = fakeMachine({ ...windows, files: ["C:\\WindowsAzure"] });
const systemDrive = { SystemDrive: "C:" };

/** What the metadata service answers when the header is missing. */
const missingHeader: Reply = {
  status: 400,
  headers: { "content-type": "application/json" },
  body: '{"error":"invalid_request","error_description":"Required metadata header not specified"}',
};
const htmlOf = (status: number, text: string): Reply => ({
  status,
  headers: { "content-type": "text/html" },
  body: `<html><body>${text}</body></html>`,
});

const announced: readonly MatrixHost[] = [
  {
    title: "App Service",
    evidence: "variables",
    env: { ...appService, ...ml, WEBSITE_SITE_NAME: "shop" },
  },
  { title: "App Service with the protocol of 2017", evidence: "variables", env: ml },
  {
    title: "Container Apps",
    evidence: "variables",
    env: { ...appService, CONTAINER_APP_NAME: "shop" },
  },
  { title: "Service Fabric", evidence: "variables", env: fabric },
  { title: "Azure Arc with its variables", evidence: "variables", env: arc },
  {
    title: "Azure Arc with its agent alone",
    evidence: "variables",
    env: {},
    machine: fakeMachine({ files: ["/opt/azcmagent/bin/himds"] }),
  },
  {
    title: "Cloud Shell",
    evidence: "variables",
    env: { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" },
    isOfUser: true,
  },
  {
    title: "Azure Machine Learning",
    evidence: "variables",
    env: { ...ml, DEFAULT_IDENTITY_CLIENT_ID: "client-of-the-workspace" },
  },
  { title: "AKS with workload identity", evidence: "variables", env: pod, protocol: "entra" },
  {
    title: "AKS with AZURE_POD_IDENTITY_AUTHORITY_HOST",
    evidence: "variables",
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:2579/" },
    protocol: "metadata-service",
  },
  {
    title: "a laptop with source: imds",
    evidence: "variables",
    env: {},
    options: { source: "imds" },
    protocol: "metadata-service",
  },
];

const without = (env: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(env).filter(([key]) => key !== name));

const withoutEndpoint: MatrixHost = {
  title: "Container Instances, whose variables name no endpoint",
  evidence: "variables",
  env: without(fabric, "IDENTITY_ENDPOINT"),
  protocol: "metadata-service",
};

const incomplete: readonly MatrixHost[] = [
  {
    title: "AKS with workload identity and without AZURE_CLIENT_ID",
    evidence: "incomplete",
    env: without(pod, "AZURE_CLIENT_ID"),
  },
  {
    title: "AKS with workload identity and without AZURE_TENANT_ID",
    evidence: "incomplete",
    env: without(pod, "AZURE_TENANT_ID"),
  },
  {
    title: "AKS with workload identity and an empty AZURE_FEDERATED_TOKEN_FILE",
    evidence: "incomplete",
    env: { ...pod, AZURE_FEDERATED_TOKEN_FILE: "" },
  },
  {
    title: "AKS with workload identity and an empty AZURE_CLIENT_ID",
    evidence: "incomplete",
    env: { ...pod, AZURE_CLIENT_ID: "" },
  },
  {
    title: "App Service with an empty IDENTITY_ENDPOINT",
    evidence: "incomplete",
    env: { ...appService, IDENTITY_ENDPOINT: "" },
  },
  {
    title: "App Service with an empty IDENTITY_HEADER",
    evidence: "incomplete",
    env: { ...appService, IDENTITY_HEADER: "" },
  },
  {
    title: "Service Fabric with an empty IDENTITY_SERVER_THUMBPRINT",
    evidence: "incomplete",
    env: { ...fabric, IDENTITY_SERVER_THUMBPRINT: "" },
  },
  {
    title: "Azure Machine Learning with an empty MSI_SECRET",
    evidence: "incomplete",
    env: { ...ml, MSI_SECRET: "" },
  },
];

const machines: readonly MatrixHost[] = [
  {
    title: "a Linux VM",
    evidence: "machine",
    env: {},
    machine: tagged,
    protocol: "metadata-service",
  },
  {
    title: "a Linux VM where AZURE_CLIENT_ID names an identity",
    evidence: "machine",
    env: { AZURE_CLIENT_ID: "an-identity" },
    machine: tagged,
    protocol: "metadata-service",
    isUserAssigned: true,
  },
  {
    title: "a Windows VM with the guest agent",
    evidence: "machine",
    env: systemDrive,
    machine: agentFolder,
    protocol: "metadata-service",
  },
  {
    title: "a Windows VM without the guest agent",
    evidence: "own-answer",
    env: systemDrive,
    machine: fakeMachine(windows),
    probe: missingHeader,
    protocol: "metadata-service",
  },
  {
    title: "a Dev Box",
    evidence: "machine",
    env: systemDrive,
    machine: agentFolder,
    protocol: "metadata-service",
    hasNoIdentity: true,
  },
  {
    title: "a hosted runner of GitHub",
    evidence: "machine",
    env: { GITHUB_ACTIONS: "true", CI: "true" },
    machine: tagged,
    protocol: "metadata-service",
    hasNoIdentity: true,
  },
  {
    title: "a hosted agent of Azure Pipelines",
    evidence: "machine",
    env: { ...systemDrive, TF_BUILD: "True" },
    machine: agentFolder,
    protocol: "metadata-service",
    hasNoIdentity: true,
  },
];

const elsewhere: readonly MatrixHost[] = [
  { title: "a laptop without a tag", evidence: "none", env: {}, protocol: "metadata-service" },
  {
    title: "Windows Subsystem for Linux",
    evidence: "none",
    env: { WSL_DISTRO_NAME: "Debian" },
    protocol: "metadata-service",
  },
  {
    title: "a container on a laptop (Docker Desktop)",
    evidence: "stranger",
    env: {},
    probe: { status: 403, body: "A socket operation was attempted to an unreachable network." },
    protocol: "metadata-service",
  },
  {
    title: "Windows on Amazon EC2",
    evidence: "stranger",
    env: {},
    machine: fakeMachine(windows),
    probe: htmlOf(401, "401 - Unauthorized"),
    protocol: "metadata-service",
  },
  {
    title: "Google Compute Engine",
    evidence: "stranger",
    env: {},
    probe: htmlOf(403, "Missing Metadata-Flavor:Google header."),
    protocol: "metadata-service",
  },
  {
    title: "a machine behind a gateway that answers the probe with 503",
    evidence: "gateway",
    env: {},
    probe: htmlOf(503, "Service Unavailable"),
    protocol: "metadata-service",
  },
  {
    title: "Linux on Amazon EC2 with its tag",
    evidence: "other",
    env: {},
    machine: fakeMachine({ tag: "Amazon EC2" }),
    protocol: "metadata-service",
  },
  {
    title: "a laptop with the tag of its maker",
    evidence: "other",
    env: {},
    machine: fakeMachine({ tag: "Default string" }),
    protocol: "metadata-service",
  },
];

/** Every way in which a program can find itself. */
export const hosts: readonly MatrixHost[] = [...announced, withoutEndpoint, ...incomplete, ...machines, ...elsewhere];
