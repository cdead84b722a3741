import { describe, expect, test } from "vitest";
import { redactText, redactUrl } from "../../../core/src/session/redaction.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("redactUrl", () => {
  test.for([
    ["wss://host/hub?id=abc-_1&access_token=x.y.z", "wss://host/hub?id=•••&access_token=•••"],
    ["/hub?ID=abc&page=2", "/hub?ID=•••&page=2"],
    ["/hub?a%63cess_token=x#id=1", "/hub?a%63cess_token=•••#id=•••"],
    ["https://me:secret@host/hub", "https://•••@host/hub"],
    ["/hub?identity=7&userid=3&id=", "/hub?identity=7&userid=3&id="],
    ["/hub?x=%zz&id=1==", "/hub?x=%zz&id=•••"],
    ["/hub?a?id=abc", "/hub?a?id=•••"],
    ["https://host/hub", "https://host/hub"],
    ["", ""],
  ])("%s becomes %s", ([url, redacted]) => {
    expect(redactUrl(url ?? "")).toBe(redacted);
  });

  test("what is redacted stays so", () => {
    const once = redactUrl("wss://a:b@host/hub?id=abc&access_token=x");
    expect(redactUrl(once)).toBe(once);
  });
});

describe("redactText", () => {
  test("the token of a negotiate answer goes, its connection ID stays", () => {
    const body =
      '{"negotiateVersion":1,"connectionId":"public","connectionToken":"se\\"cret","availableTransports":[]}';
    const redacted = redactText(body);
    expect(JSON.parse(redacted)).toEqual({
      negotiateVersion: 1,
      connectionId: "public",
      connectionToken: "•••",
      availableTransports: [],
    });
  });

  test("in version 0 the connection ID is the token", () => {
    const body = '{"negotiateVersion":0,"connectionId":"secret","availableTransports":[]}';
    expect(redactText(body)).not.toContain("secret");
  });

  test("a redirect keeps its address and loses its tokens", () => {
    const body =
      '{"url":"https://service/client?hub=chat&access_token=aaa","accessToken":"eyJhbGciOi.abc.def"}';
    expect(JSON.parse(redactText(body))).toEqual({
      url: "https://service/client?hub=chat&access_token=•••",
      accessToken: "•••",
    });
  });

  test("protected data goes whole in either alphabet of base64", () => {
    const state = "CfDJ8PN7YuEJCy+dKrMuJTU/gsZaQzP+fTYvxP2xve4Rn551==";
    expect(redactText(`["http://host/","[]","${state}"]`)).toBe('["http://host/","[]","•••"]');
  });

  test("bearer tokens, web tokens and circuit secrets go wherever they stand", () => {
    const secret = `CfDJ8${"Ab-_1".repeat(6)}`;
    const text = redactText(
      `Authorization: Bearer abc.def-1= and eyJhbGciOiJI.eyJzdWIi.sig_1 and "${secret}"`,
    );
    expect(text).toBe('Authorization: Bearer ••• and ••• and "•••"');
  });

  test("other text is left alone", () => {
    const text = '{"type":1,"target":"Said","arguments":["id=7","token",1]}';
    expect(redactText(text)).toBe(text);
  });
});

describe("what a peer may send to be redacted", () => {
  const LENGTH = 8_000_000;
  const long = (piece: string) => piece.repeat(LENGTH / piece.length);

  test.for([
    ["a long token", `{"accessToken":"${long("a")}","x":1}`, '{"accessToken":"•••","x":1}'],
    ["a long token of escapes", `{"accessToken":"${long("\\n")}","x":1}`, '{"accessToken":"•••","x":1}'],
    ["a long token of quotes", `{"connectionToken":"${long('\\"')}"}`, '{"connectionToken":"•••"}'],
    ["a token without an end", `{"accessToken":"${long("\\\\")}`, '{"accessToken":"•••'],
    ["a long ID of version 0", `{"availableTransports":[],"connectionId":"${long("\\n")}"}`, undefined],
    ["a long token in a URL", `/hub?id=${long("a")}`, "/hub?id=•••"],
    ["a long groups token", `{"G":"${long("a")}"}`, '{"G":"•••"}'],
    ["a long bearer token", `Bearer ${long("a")}`, "Bearer •••"],
    ["long protected data", `"CfDJ8${long("a")}"`, '"•••"'],
    ["a long web token", `eyJaaaaaaaa.${long("a")}.a`, "•••"],
  ] as const)("%s is taken out", ([, text, expected]) => {
    const redacted = redactText(text);
    if (expected === undefined) expect(redacted).toContain("•••");
    else expect(redacted).toBe(expected);
  });

  test.for([
    ["beginnings of a web token, one after the other", "eyJ-"],
    ["web tokens that lack their signature", "eyJaaaaaaaa.eyJaaaaaaaa-"],
    ["names of secrets", '"accessToken'],
    ["secrets without a value", '"accessToken":"'],
    ["backslashes", "\\"],
    ["beginnings of protected data", "CfDJ8/"],
    ["bearers", "Bearer "],
    ["beginnings of a query", "?"],
  ] as const)("%s: time is linear", ([, piece]) => {
    const start = processorTime();
    redactText(long(piece));
    redactUrl(long(piece));
    expect(processorTime() - start).toBeLessThan(10_000);
  });

  test("web tokens are found wherever a word may begin", () => {
    const token = "eyJhbGciOiJI.eyJzdWIi.sig_1";
    expect(redactText(`a.b.${token} x-${token}. ${"a".repeat(20)}.b.${token},${token}`)).toBe(
      `a.b.••• x-•••. ${"a".repeat(20)}.b.•••,•••`,
    );
    const others = "eyJshort.a.b xeyJhbGciOiJI.a.b eyJhbGciOiJI..b eyJhbGciOiJI.a";
    expect(redactText(others)).toBe(others);
  });

  test("an application's own G is no groups token", () => {
    const text = '{"G":"this-is-what-our-application-says of groups"}';
    expect(redactText(text)).toBe(text);
  });

  test("a secret that is cut off goes to the end, an empty one says nothing", () => {
    expect(redactText('{"accessToken":"abc\\')).toBe('{"accessToken":"•••');
    expect(redactText('{"accessToken":"","connectionToken" : "abc"}')).toBe(
      '{"accessToken":"","connectionToken" : "•••"}',
    );
  });
});
