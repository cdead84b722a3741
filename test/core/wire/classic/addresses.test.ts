import { describe, expect, test } from "vitest";
import * as detect from "../../../../core/src/wire/classic/detect.ts";
import { classicHttpError } from "../../../../core/src/wire/classic/http-error.ts";
import { parseHubsScript } from "../../../../core/src/wire/classic/hubs-script.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { hasStartRequest, resolveProtocol } from "../../../../core/src/wire/classic/protocol-version.ts";
import { parseConnectionToken, parseGroupsToken } from "../../../../core/src/wire/classic/tokens.ts";
import { parseClassicAddress } from "../../../../core/src/wire/classic/urls.ts";

describe("addresses", () => {
  test("the end of the path decides, without case; only the script may have slashes behind it", () => {
    const rows: readonly (readonly [string, string, string])[] = [
      ["/signalr/negotiate", "/signalr", "negotiate"],
      ["/SIGNALR/Negotiate", "/SIGNALR", "negotiate"],
      ["/a/b/poll?x=1#y", "/a/b", "poll"],
      ["https://host:8080/signalr/connect", "/signalr", "connect"],
      ["wss://host/reconnect", "", "reconnect"],
      ["https://host", "", "receive"],
      ["/signalr/hubs//", "/signalr", "hubs"],
      ["/signalr/js", "/signalr", "js"],
      ["/signalr/negotiate/", "/signalr/negotiate", "receive"],
      ["/signalr/anything", "/signalr", "receive"],
      ["/signalr/renegotiate", "/signalr", "receive"],
      ["", "", "receive"],
    ];
    for (const [url, base, action] of rows)
      expect(parseClassicAddress(url), url).toMatchObject({ base, action });
  });

  test("transports are known without case, hubs with either spelling", () => {
    expect(
      parseClassicAddress('/s/connect?transport=WEBSOCKETS&connectionData=[{"Name":"Chat"},{"name":"b"}]'),
    ).toMatchObject({ transport: "webSockets", hubs: ["Chat", "b"] });
    expect(parseClassicAddress("/s/connect?transport=nosuch").transport).toBeUndefined();
    for (const [data, hubs] of [
      ["", []],
      ["null", []],
      ["%5B%5D", []],
      ["not json", undefined],
      ["{}", undefined],
      ["[1]", undefined],
      ["[{}]", undefined],
    ] as const) {
      expect(parseClassicAddress(`/s/negotiate?connectionData=${data}`).hubs, data).toEqual(hubs);
    }
    expect(parseClassicAddress("/s/negotiate").hubs).toBeUndefined();
  });

  test("parameters are data, whatever their names", () => {
    const { params } = parseClassicAddress("/s/send?a=1&a=2&__proto__=x&toString=y&b=%zz+");
    expect(Object.entries(params)).toEqual([
      ["a", "1,2"],
      ["__proto__", "x"],
      ["toString", "y"],
      ["b", "%zz "],
    ]);
  });
});

describe("protocol versions", () => {
  test("resolve as on the 2.4.3 server", () => {
    const rows = {
      "2.1": "2.0",
      "2.0": "2.0",
      "2.0.0": "2.0",
      "1.5": "1.5",
      "1.2.5": "1.2.5",
      "1.2.3.4": "1.2.3.4",
      " 1.4": "1.4",
      "1.1": "1.2",
      "0.9": "1.2",
      "99.0": "2.0",
      "2": "1.2",
      "": "1.2",
      ".8": "1.2",
      "1,5": "1.2",
      "2.": "1.2",
      "-1.0": "1.2",
      "1.2.3.4.5": "1.2",
      "1.99999999999": "1.2",
    };
    for (const [asked, resolved] of Object.entries(rows))
      expect(resolveProtocol(asked), asked).toBe(resolved);
  });

  test("1.4 is the first with a start request", () => {
    expect(["1.0", "1.3", "1.4", "1.5", "2.0", "2.1", "x"].map(hasStartRequest)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("negotiate responses", () => {
  const parse = (value: object | string) =>
    parseClassicNegotiateResponse(typeof value === "string" ? value : JSON.stringify(value));

  test("of 0.x have no token", () => {
    expect(
      parse({ Url: "/signalr", ConnectionId: "1", TryWebSockets: true, ProtocolVersion: "1.0" }),
    ).toEqual({
      kind: "accepted",
      protocolVersion: "1.0",
      url: "/signalr",
      connectionId: "1",
      tryWebSockets: true,
    });
  });

  test("errors and redirects count from protocol 2.0 on, errors first", () => {
    const both = { Error: "full", RedirectUrl: "https://other/x?a=1?b", AccessToken: "t" };
    expect(parse({ ProtocolVersion: "2.0", ...both })).toEqual({
      kind: "error",
      protocolVersion: "2.0",
      error: "full",
    });
    expect(parse({ ProtocolVersion: "2.1", ...both, Error: "" })).toEqual({
      kind: "redirect",
      protocolVersion: "2.1",
      url: "https://other/x",
      query: "a=1?b",
      accessToken: "t",
    });
    expect(parse({ ProtocolVersion: "2.0", RedirectUrl: "https://other/x?" })).toEqual({
      kind: "redirect",
      protocolVersion: "2.0",
      url: "https://other/x",
    });
    expect(parse({ ProtocolVersion: "1.5", ...both }).kind).toBe("accepted");
    expect(parse({ ProtocolVersion: "3.0", ...both }).kind).toBe("incompatible");
  });

  test("a script is unwrapped", () => {
    expect(parse('cb({"ProtocolVersion":"2.0","ConnectionToken":"t"});')).toMatchObject({
      kind: "accepted",
      connectionToken: "t",
    });
  });

  test("what is none says what it is", () => {
    expect(parse("")).toEqual({ kind: "not-signalr", reason: "empty" });
    expect(parse("<!DOCTYPE html>")).toEqual({ kind: "not-signalr", reason: "html" });
    expect(parse("nope")).toEqual({ kind: "not-signalr", reason: "not-json" });
    expect(parse("[]")).toEqual({ kind: "not-signalr", reason: "other-json" });
    expect(parse({ ConnectionId: 1 })).toEqual({ kind: "not-signalr", reason: "other-json" });
    expect(parse({ negotiateVersion: 1, connectionId: "x" })).toEqual({ kind: "aspnetcore" });
  });
});

describe("HTTP errors", () => {
  test("are known by status, text and reason phrase", () => {
    const rows: readonly (readonly [number, string, string, string | undefined])[] = [
      [200, "Protocol error: Unknown transport.", "", undefined],
      [400, "Protocol error: Missing connection token.", "", "missing-token"],
      [400, "The ConnectionId is in the incorrect format.", "", "bad-token"],
      [403, "", "Forbidden: JSONP is disabled.", "jsonp-disabled"],
      [403, "", "Forbidden", "unauthorised"],
      [401, "", "", "unauthorised"],
      [500, "<html>", "", "failed"],
      [404, "", "", undefined],
    ];
    for (const [status, body, reason, error] of rows) {
      expect(classicHttpError(status, body, reason), `${status} ${body}`).toBe(error);
    }
  });
});

describe("tokens", () => {
  test("that a host protects are not read", () => {
    expect(
      parseConnectionToken("mMEXz/IeJhYUw+LPHbQmsZxMX1d4Lb/o2qgk+yNX7plWgEOH8Nehi3lf6C0="),
    ).toBeUndefined();
    expect(parseGroupsToken("ab08b054-bf45-43b6-a5fb-604917e8ed8d:nope")).toBeUndefined();
    expect(parseGroupsToken("ab08b054-bf45-43b6-a5fb-604917e8ed8d:[1]")).toBeUndefined();
  });
});

describe("proxy scripts", () => {
  test("of other servers: one line, double quotes, no parameters", () => {
    const script =
      'p.chatHub=this.createHubProxy("chatHub");p.chatHub.server={broadcast:function(){' +
      'return p.chatHub.invoke.apply(p.chatHub,$.merge(["broadcast"],$.makeArray(arguments)));}};';
    expect(parseHubsScript(script).hubs).toEqual([
      { name: "chatHub", methods: [{ name: "broadcast", property: "broadcast", parameters: [] }] },
    ]);
  });

  test("written by signalr.exe have types, in names with a backslash", () => {
    const script = `
        proxies['chat'] = this.createHubProxy('chat');
            renamed-method: function (content, count) {
            /// <summary>Calls the Send method on the server-side chat hub.</summary>
            /// <param name=\\"content\\" type=\\"String\\">Server side type is System.String</param>
            /// <param name=\\"count\\" type=\\"Number\\">Server side type is System.Int32</param>
                return proxies['chat'].invoke.apply(proxies['chat'], $.merge(["renamed-method"], $.makeArray(arguments)));`;
    expect(parseHubsScript(script).hubs[0]?.methods).toEqual([
      {
        name: "renamed-method",
        property: "renamed-method",
        parameters: [
          { name: "content", type: "System.String" },
          { name: "count", type: "System.Int32" },
        ],
      },
    ]);
  });

  test("that are switched off say so", () => {
    expect(
      parseHubsScript("throw new Error('SignalR: JavaScript Hub proxy generation has been disabled.');"),
    ).toEqual({ hubs: [], isDisabled: true });
  });
});

describe("a glance", () => {
  test("tells classic negotiate requests and answers from ASP.NET Core's", () => {
    expect(detect.isClassicNegotiateUrl("/signalr/negotiate?clientProtocol=2.1")).toBe(true);
    expect(detect.isClassicNegotiateUrl("/signalr/negotiate?foo=1&connectionData=%5B%5D#x")).toBe(true);
    expect(detect.isClassicNegotiateUrl("/hub/negotiate?negotiateVersion=1")).toBe(false);
    expect(detect.isClassicNegotiateUrl("/hub/other?clientProtocol=2.1")).toBe(false);
    expect(detect.isClassicNegotiateResponse('{"ConnectionToken":"a","ProtocolVersion":"2.0"}')).toBe(true);
    expect(detect.isClassicNegotiateResponse('{"negotiateVersion":1,"connectionToken":"a"}')).toBe(false);
  });

  test("knows its channels by their addresses", () => {
    const socket = "wss://h/signalr/connect?transport=webSockets&connectionToken=a";
    expect(detect.isClassicSocketUrl(socket)).toBe(true);
    expect(detect.isClassicSocketUrl(socket.replace("webSockets", "longPolling"))).toBe(false);
    expect(detect.isClassicChannelUrl(socket.replace("webSockets", "longPolling"))).toBe(true);
    expect(detect.isClassicSocketUrl("wss://h/hub?id=a")).toBe(false);
  });

  test("knows its messages, also of a page that was opened late", () => {
    for (const text of [
      "{}",
      '{"C":"d-1-B,0","M":[]}',
      '{"C":"s-0,0","M":[]}',
      '{"R":1,"I":"0"}',
      '{"I":"0"}',
      '{"I":null}',
      '{"S":{"a":1},"I":"0"}',
      '{"MessageId":"1","Messages":[]}',
    ]) {
      expect(detect.looksLikeClassicServerText(text), text).toBe(true);
    }
    for (const text of ['{"type":6}\u001e', "{}\u001e", '{"a":1}', "hello", '{"C":"x"}', '{"I":0}']) {
      expect(detect.looksLikeClassicServerText(text), text).toBe(false);
    }
    expect(detect.looksLikeClassicCall('{"H":"chat","M":"send","A":[],"I":0}')).toBe(true);
    expect(detect.looksLikeClassicCall('{"I":"0","H":"chat","M":"send","A":[]}')).toBe(true);
    expect(detect.looksLikeClassicCall('{"type":1,"target":"H","arguments":[]}\u001e')).toBe(false);
  });

  test("knows streams, frames and scripts by their beginnings", () => {
    expect(detect.isClassicStreamStart("initialized")).toBe(true);
    expect(detect.isClassicStreamStart("{}")).toBe(false);
    expect(
      detect.isForeverFrameStart("<!DOCTYPE html><html><head><title>SignalR Forever Frame Transport Stream"),
    ).toBe(true);
    expect(detect.isHubsScript("$.hubConnection.prototype.createHubProxies = function () {")).toBe(true);
    expect(detect.isHubsScript("jQuery")).toBe(false);
  });
});
