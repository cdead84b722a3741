import { describe, expect, test } from "vitest";
import {
  type AzureEndpoints,
  audienceBase,
  classicAudience,
  classicRedirectUrl,
  clientAudience,
  clientUrl,
  hubOnWire,
  isAzureServiceUrl,
  parseServiceUrl,
  redirectUrl,
  serverUrl,
} from "../../../../core/src/wire/azure/index.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { parseNegotiateResponse } from "../../../../core/src/wire/negotiate.ts";
import vectors from "../../../vectors/azure-redirects.json" with { type: "json" };

describe("redirect vectors, ASP.NET Core", () => {
  test.for(vectors.core)("$name", ({ endpoint, hub, application, path, query, requestId, url }) => {
    expect(redirectUrl({ endpoint }, { hub, application }, { path, query, requestId })).toBe(url);
    const answer = JSON.stringify({ url, accessToken: "t", availableTransports: [] });
    expect(parseNegotiateResponse(answer)).toEqual({ kind: "redirect", url, accessToken: "t" });
    expect(isAzureServiceUrl(url)).toBe(true);
    expect(parseServiceUrl(url)).toEqual({
      kind: "client",
      endpoint,
      hub: hubOnWire({ hub, application }),
      isNegotiate: false,
      mode: "default",
      requestId,
      ...(path !== "" && { originalPath: path.replace("/negotiate", "") }),
      issues: [],
    });
  });
});

describe("redirect vectors, classic", () => {
  test.for(vectors.classic)("$name", ({ path, query, requestId, urlQuery }) => {
    const endpoint = "https://contoso.service.signalr.net";
    const url = classicRedirectUrl({ endpoint }, { path, query, requestId });
    expect(url).toBe(`${endpoint}/aspnetclient${urlQuery}`);
    const body = JSON.stringify({ ProtocolVersion: "2.0", RedirectUrl: url, AccessToken: "t" });
    expect(parseClassicNegotiateResponse(body)).toEqual({
      kind: "redirect",
      protocolVersion: "2.0",
      url: `${endpoint}/aspnetclient`,
      ...(urlQuery !== "" && { query: urlQuery.slice(1) }),
      accessToken: "t",
    });
    const original = path.replace("/negotiate", "");
    expect(parseServiceUrl(url)).toEqual({
      kind: "classic-client",
      endpoint,
      action: "",
      mode: urlQuery === "" ? "serverless" : "default",
      ...(urlQuery !== "" && original !== "" && { originalPath: original }),
      ...(urlQuery !== "" && { requestId }),
    });
  });
});

const EMULATOR: AzureEndpoints = { endpoint: "http://localhost:8888" };
const GATEWAY: AzureEndpoints = {
  endpoint: "https://contoso.service.signalr.net",
  clientEndpoint: "https://gw.example:500/signalr",
  serverEndpoint: "https://private.example",
};

describe("addresses of a hub", () => {
  test("clients, servers and audiences have a base each", () => {
    const hub = { hub: "Chat", application: "MyApp" };
    expect(clientUrl(GATEWAY, hub)).toBe("https://gw.example:500/signalr/client/?hub=myapp_chat");
    expect(serverUrl(GATEWAY, hub)).toBe("https://private.example/server/?hub=myapp_chat");
    expect(clientAudience(GATEWAY, hub)).toBe("https://contoso.service.signalr.net/client/?hub=myapp_chat");
    expect(classicAudience(GATEWAY)).toBe("https://contoso.service.signalr.net/aspnetclient");
  });

  test("audiences have no port", () => {
    expect(audienceBase(EMULATOR)).toBe("http://localhost/");
    expect(audienceBase({ endpoint: "http://[::1]:8888/x" })).toBe("http://[::1]/");
    expect(clientUrl(EMULATOR, { hub: "h" })).toBe("http://localhost:8888/client/?hub=h");
  });

  test("a lone surrogate in a name does not throw", () => {
    expect(clientUrl(EMULATOR, { hub: "a\ud800" })).toBe("http://localhost:8888/client/?hub=a%EF%BF%BD");
  });
});

describe("classicRedirectUrl", () => {
  test.for([
    ["clientProtocol=1.5", ""],
    ["clientProtocol=2.0", ""],
    ["clientProtocol=nonsense", ""],
    ["clientProtocol=3.0", "?asrs_request_id=r&asrs.op=%2Fsignalr"],
    [
      "?clientProtocol=2.1&connectionToken=t&ConnectionData=%5B%5D&&a=b",
      "?a=b&asrs_request_id=r&asrs.op=%2Fsignalr",
    ],
  ] as const)("%s", ([query, expected]) => {
    const url = classicRedirectUrl(EMULATOR, { path: "/signalr/negotiate", query, requestId: "r" });
    expect(url).toBe(`http://localhost:8888/aspnetclient${expected}`);
  });
});

describe("isAzureServiceUrl", () => {
  test.for([
    "https://contoso.service.signalr.net/anything",
    "wss://contoso.signalr.azure.cn:443/client/?hub=chat",
    "https://gw.example/client/?hub=chat",
    "https://gw.example/prefix/client/negotiate?hub=chat",
    "https://gw.example/aspnetclient/connect?transport=webSockets&&asrs.op=%2Fsignalr",
    "http://x/y?asrs_request_id=1",
    "/client/?hub=chat",
  ])("%s is", (url) => {
    expect(isAzureServiceUrl(url)).toBe(true);
  });

  test.for([
    "",
    "https://example.com/hubs/chat",
    "https://example.com/client/?id=1",
    "https://example.com/client/list?hub=chat",
    "https://example.com/clients/?hub=chat",
    "https://service.signalr.net.example.com/hub",
    "https://notservice.signalr.net/hub",
    "https://example.com/?x=.service.signalr.net",
    "https://example.com/#?asrs.op=1",
    "%%%",
  ])("%s is not", (url) => {
    expect(isAzureServiceUrl(url)).toBe(false);
  });
});

describe("parseServiceUrl", () => {
  test("the public example of a Blazor application", () => {
    const url =
      "wss://signalr-production.service.signalr.net/client/?hub=componenthub&asrs.op=%2F_blazor" +
      "&negotiateVersion=1&asrs_request_id=DAHRmI%2B1AAA%3D&asrs_lang=de&id=SECRET&access_token=SECRET";
    const parsed = parseServiceUrl(url);
    expect(parsed).toEqual({
      kind: "client",
      endpoint: "https://signalr-production.service.signalr.net",
      hub: "componenthub",
      isNegotiate: false,
      mode: "default",
      originalPath: "/_blazor",
      requestId: "DAHRmI+1AAA=",
      issues: [],
    });
    expect(JSON.stringify(parsed)).not.toContain("SECRET");
  });

  test.for([
    ["https://a/client/?hub=a&hub=b", ["several-hubs"]],
    ["https://a/client/?hub=", ["no-hub"]],
    ["https://a/client/negotiate?hub=Chat", ["hub-not-lower-case"]],
    ["https://a.service.signalr.net/client/", ["no-hub"]],
  ] as const)("%s: %o", ([url, issues]) => {
    expect(parseServiceUrl(url)).toMatchObject({ kind: "client", mode: "serverless", issues });
  });

  test.for([
    ["https://a/server/?hub=chat", { kind: "server", endpoint: "https://a", hub: "chat" }],
    [
      "https://a/x/api/v1/health",
      { kind: "rest", endpoint: "https://a/x", generation: "v1", path: "/health" },
    ],
    ["https://a/api/v1/auth/accessKey", { kind: "other" }],
    ["https://a/server", { kind: "other" }],
    ["https://a/hubs/chat/negotiate?negotiateVersion=1", { kind: "other" }],
    ["", { kind: "other" }],
  ] as const)("%s", ([url, expected]) => {
    expect(parseServiceUrl(url)).toEqual(expected);
  });
});
