import { describe, expect, test } from "vitest";
import { redactText, redactUrl } from "../../../core/src/session/redaction.ts";

describe("redactUrl", () => {
  test.for([
    ["wss://host/hub?id=abc-_1&access_token=x.y.z", "wss://host/hub?id=•••&access_token=•••"],
    ["/hub?ID=abc&page=2", "/hub?ID=•••&page=2"],
    ["/hub?a%63cess_token=x#id=1", "/hub?a%63cess_token=•••#id=•••"],
    ["https://me:secret@host/hub", "https://•••@host/hub"],
    ["/hub?identity=7&userid=3&id=", "/hub?identity=7&userid=3&id="],
    ["/hub?x=%zz&id=1==", "/hub?x=%zz&id=•••"],
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
