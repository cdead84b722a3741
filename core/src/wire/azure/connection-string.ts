/**
 * Connection strings of Azure SignalR Service, as Microsoft's SDK reads them.
 * Azure/azure-signalr, src/Microsoft.Azure.SignalR.Common/Utilities/ConnectionStringParser.cs.
 *
 * @module
 */
import type { AzureEndpoints } from "./service-url.ts";

/** A connection string, read. Its credential may be a secret. */
export interface AzureConnectionString extends AzureEndpoints {
  readonly kind: "parsed";
  readonly credential: AzureCredential;
  /** `1.x`; nothing else depends on it. */
  readonly version?: string;
}

/** What signs tokens. Everything but the IDs is a secret. */
export type AzureCredential =
  /** Tokens are signed with the UTF-8 bytes of the text, not with what it decodes to. */
  | { readonly kind: "access-key"; readonly accessKey: string }
  /** Microsoft Entra ID, whatever the environment offers. No token can be signed with what is in the string. */
  | { readonly kind: "default-identity" }
  | { readonly kind: "managed-identity"; readonly clientId?: string }
  | {
      readonly kind: "application";
      readonly clientId: string;
      readonly tenantId: string;
      readonly clientSecret?: string;
      /** Path of a certificate file. */
      readonly clientCertificate?: string;
    };

/** What is at fault with a connection string. */
export type ConnectionStringFaultCode =
  | "missing-property"
  | "invalid-value"
  | "unsupported-version"
  | "duplicate-property";

/** Why the SDK would refuse a connection string. */
export interface ConnectionStringFault {
  readonly kind: "fault";
  readonly code: ConnectionStringFaultCode;
  /** As the SDK spells it. */
  readonly property: string;
  /** The SDK's own words, in English. Carries no secret: no value but that of `Version`. */
  readonly message: string;
}

type Properties = ReadonlyMap<string, string>;
type Fault = ConnectionStringFault;

/**
 * Names have no letter case, values may hold `=`, parts without `=` and names that nobody knows are skipped.
 * Never throws; the first fault in the SDK's order of checks is told.
 */
export function parseConnectionString(text: string): AzureConnectionString | ConnectionStringFault {
  const properties = propertiesOf(text);
  if ("kind" in properties) return properties;
  const read = endpointsOf(properties);
  if (read.kind === "fault") return read;
  const credential = credentialOf(properties);
  if (credential.kind === "fault") return credential;
  const version = properties.get("version");
  return { kind: "parsed", ...read.endpoints, credential, ...(version !== undefined && { version }) };
}

function propertiesOf(text: string): Properties | Fault {
  const parts = text.split(";").filter((part) => part !== "");
  if (parts.length < 2) return missing("endpoint");
  const properties = new Map<string, string>();
  for (const part of parts) {
    const mark = part.indexOf("=");
    if (mark < 0) continue;
    const name = part.slice(0, mark).trim();
    if (properties.has(name.toLowerCase())) {
      const message = `Duplicate properties found in connection string: ${name}.`;
      return { kind: "fault", code: "duplicate-property", property: name, message };
    }
    properties.set(name.toLowerCase(), part.slice(mark + 1).trim());
  }
  return properties;
}

function endpointsOf(
  properties: Properties,
): { readonly kind: "endpoints"; readonly endpoints: AzureEndpoints } | Fault {
  const written = properties.get("endpoint");
  if (written === undefined) return missing("endpoint");
  const endpoint = httpUrl(written);
  if (endpoint === undefined) return invalidUri("endpoint");
  const version = properties.get("version");
  if (version !== undefined && !/^1\.\d[\w\-.]*$/.test(version)) {
    const message = `Version ${version} is not supported.`;
    return { kind: "fault", code: "unsupported-version", property: "version", message };
  }
  const port = properties.get("port");
  if (port !== undefined) {
    if (!isPort(port)) return invalid("port", "it must be an positive integer between (0, 65536).");
    endpoint.port = String(Number(port));
  }
  const client = httpUrl(properties.get("clientendpoint"));
  if (client === undefined && properties.has("clientendpoint")) return invalidUri("clientEndpoint");
  const server = httpUrl(properties.get("serverendpoint"));
  if (server === undefined && properties.has("serverendpoint")) return invalidUri("serverEndpoint");
  const endpoints = {
    endpoint: withoutSlash(endpoint),
    ...(client !== undefined && { clientEndpoint: withoutSlash(client) }),
    ...(server !== undefined && { serverEndpoint: withoutSlash(server) }),
  };
  return { kind: "endpoints", endpoints };
}

/** What is beside scheme, host, port and path is left out: nothing can be joined to it. */
function withoutSlash({ origin, pathname }: URL): string {
  let end = pathname.length;
  while (pathname.endsWith("/", end) && end > 0) end -= 1;
  return origin + pathname.slice(0, end);
}

function httpUrl(text: string | undefined): URL | undefined {
  // `https:host` is an address for URL, and none for .NET.
  return text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

function isPort(text: string): boolean {
  return /^\+?\d{1,9}$/.test(text) && Number(text) > 0 && Number(text) <= 0xffff;
}

function credentialOf(properties: Properties): AzureCredential | Fault {
  switch (properties.get("authtype")?.toLowerCase()) {
    case "azure":
      return { kind: "default-identity" };
    case "azure.msi":
      return managedIdentity(properties);
    case "azure.app":
      return application(properties);
    case "aad":
      // The name of old: an application where a tenant is named, else a managed identity.
      return properties.has("clientid") && properties.has("tenantid")
        ? application(properties)
        : managedIdentity(properties);
    default: {
      const accessKey = properties.get("accesskey");
      if (accessKey !== undefined && accessKey !== "") return { kind: "access-key", accessKey };
      const message = "accesskey is required.";
      return { kind: "fault", code: "missing-property", property: "accesskey", message };
    }
  }
}

function managedIdentity(properties: Properties): AzureCredential {
  const clientId = properties.get("clientid");
  return { kind: "managed-identity", ...(clientId !== undefined && { clientId }) };
}

function application(properties: Properties): AzureCredential | Fault {
  const clientId = properties.get("clientid");
  if (clientId === undefined) return missing("clientId");
  const tenantId = properties.get("tenantid");
  if (tenantId === undefined) return missing("tenantId");
  const clientSecret = properties.get("clientsecret");
  if (clientSecret !== undefined) return { kind: "application", clientId, tenantId, clientSecret };
  // The documentation says clientCertPath, the source reads clientCert.
  const clientCertificate = properties.get("clientcert") ?? properties.get("clientcertpath");
  if (clientCertificate !== undefined) return { kind: "application", clientId, tenantId, clientCertificate };
  return missing("clientSecret", "clientSecret or clientCert");
}

function missing(property: string, named: string = property): Fault {
  const message = `Connection string missing required properties ${named}.`;
  return { kind: "fault", code: "missing-property", property, message };
}

function invalidUri(property: string): Fault {
  return invalid(property, "it must be a valid URI.");
}

function invalid(property: string, reason: string): Fault {
  const message = `Invalid value for ${property} property, ${reason}`;
  return { kind: "fault", code: "invalid-value", property, message };
}
