import { describe, expect, test } from "vitest";
import { negotiateAnswer } from "../../../core/src/hub/negotiate-answer.ts";
import { parseNegotiateResponse } from "../../../core/src/wire/negotiate.ts";

const IDS = { connectionId: "public", connectionToken: "secret" };
const TRANSPORTS = '"availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]}]';

describe("the answer to negotiate", () => {
  test.for([
    ["", `{"negotiateVersion":0,"connectionId":"public",${TRANSPORTS}}`],
    ["negotiateVersion=0", `{"negotiateVersion":0,"connectionId":"public",${TRANSPORTS}}`],
    [
      "negotiateVersion=1",
      `{"negotiateVersion":1,"connectionId":"public","connectionToken":"secret",${TRANSPORTS}}`,
    ],
    [
      "NEGOTIATEVERSION=7",
      `{"negotiateVersion":1,"connectionId":"public","connectionToken":"secret",${TRANSPORTS}}`,
    ],
    [
      "negotiateVersion=-1",
      `{"error":"The client requested version '-1', but the server does not support this version."}`,
    ],
    ["negotiateVersion=one", `{"error":"The client requested a non-integer protocol version."}`],
    ["negotiateVersion=", `{"error":"The client requested a non-integer protocol version."}`],
    [
      "negotiateVersion=1&negotiateVersion=1",
      `{"error":"The client requested a non-integer protocol version."}`,
    ],
  ] as const)("to %j is %s", ([query, body]) => {
    expect(negotiateAnswer(new URLSearchParams(query), IDS)).toBe(body);
  });

  test("is understood by our own client", () => {
    const response = parseNegotiateResponse(negotiateAnswer(new URLSearchParams("negotiateVersion=1"), IDS));
    expect(response).toMatchObject({ kind: "accepted", version: 1, ...IDS });
  });
});
