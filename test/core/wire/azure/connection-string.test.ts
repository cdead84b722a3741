import { describe, expect, test } from "vitest";
import {
  audienceBase,
  type ConnectionStringFault,
  parseConnectionString,
} from "../../../../core/src/wire/azure/index.ts";
import vectors from "../../../vectors/azure-connection-strings.json" with { type: "json" };

describe("connection string vectors", () => {
  test.for(vectors)("$name", ({ input, expected, audienceBase: base }) => {
    const parsed = parseConnectionString(input);
    expect(parsed).toStrictEqual(expected);
    if (base !== undefined) expect(parsed.kind === "parsed" && audienceBase(parsed)).toBe(base);
  });

  test.for(vectors)("$name: follows $follows", ({ input, go, follows }) => {
    const parsed = parseConnectionString(input);
    const said =
      parsed.kind === "fault"
        ? { error: parsed.message }
        : {
            endpoint: parsed.endpoint,
            version: parsed.version ?? "",
            accessKey: parsed.credential.kind === "access-key" ? parsed.credential.accessKey : "",
          };
    if (follows === "both") expect(said).toEqual(go);
    else expect(said).not.toEqual(go);
  });
});

function fault(input: string): ConnectionStringFault | undefined {
  const parsed = parseConnectionString(input);
  return parsed.kind === "fault" ? parsed : undefined;
}

describe("parseConnectionString", () => {
  test.for([
    ["Endpoint=https://a;Version=1.0", "missing-property", "accesskey"],
    ["Endpoint=https://a;AccessKey=", "missing-property", "accesskey"],
    ["Endpoint=https://a;AccessKey=k;Port=0", "invalid-value", "port"],
    ["Endpoint=https://a;AccessKey=k;Port=65536", "invalid-value", "port"],
    ["Endpoint=https://a;AccessKey=k;Port=8x", "invalid-value", "port"],
    ["Endpoint=https://a;AccessKey=k;Version=1", "unsupported-version", "version"],
    ["Endpoint=https:a;AccessKey=k", "invalid-value", "endpoint"],
    ["Endpoint=https://a b;AccessKey=k", "invalid-value", "endpoint"],
    ["Endpoint=;AccessKey=k", "invalid-value", "endpoint"],
    ["Endpoint=https://a;AccessKey=k;ClientEndpoint=aaa", "invalid-value", "clientEndpoint"],
    ["Endpoint=https://a;AccessKey=k;ServerEndpoint=ws://a", "invalid-value", "serverEndpoint"],
    ["Endpoint=https://a;AuthType=azure.app;TenantId=t", "missing-property", "clientId"],
    ["Endpoint=https://a;AuthType=azure.app;ClientId=c", "missing-property", "tenantId"],
    ["Endpoint=https://a;AuthType=aad;ClientId=c;TenantId=t", "missing-property", "clientSecret"],
    ["Endpoint=https://a;AuthType=other", "missing-property", "accesskey"],
  ] as const)("%s: %s of %s", ([input, code, property]) => {
    expect(fault(input)).toMatchObject({ kind: "fault", code, property });
  });

  test("a key may hold an equals sign, and spaces around names and values do not count", () => {
    expect(parseConnectionString(" endpoint = https://a/ ; ACCESSKEY = a=b== ")).toEqual({
      kind: "parsed",
      endpoint: "https://a",
      credential: { kind: "access-key", accessKey: "a=b==" },
    });
  });

  test.for([
    ["AuthType=azure.msi", { kind: "managed-identity" }],
    ["AuthType=AZURE.MSI;ClientId=c", { kind: "managed-identity", clientId: "c" }],
    ["AuthType=aad", { kind: "managed-identity" }],
    ["AuthType=aad;ClientId=c", { kind: "managed-identity", clientId: "c" }],
    [
      "AuthType=azure.app;ClientId=c;TenantId=t;ClientCertPath=/x.pfx",
      { kind: "application", clientId: "c", tenantId: "t", clientCertificate: "/x.pfx" },
    ],
  ] as const)("%s", ([properties, credential]) => {
    expect(parseConnectionString(`Endpoint=https://a;${properties}`)).toMatchObject({ credential });
  });

  test("a fault says no value of a secret", () => {
    const secret = "AccessKey=SECRET;ClientSecret=SECRET";
    for (const bad of ["Endpoint=x", "Endpoint=https://a;Port=x", "Endpoint=https://a;AccessKey=2"]) {
      expect(fault(`${bad};${secret}`)).toBeDefined();
      expect(JSON.stringify(fault(`${bad};${secret}`))).not.toContain("SECRET");
    }
  });
});
