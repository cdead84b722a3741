import { expect, test } from "vitest";
import { tokensOfNegotiate, tokensOfUrl } from "../../../../extension/panel/sources/connection-tokens.ts";

test.for([
  ["wss://h/hub?x=1&id=a%2Fb#top", ["a/b"]],
  ["http://h/hub/refresh?id=a", ["a"]],
  ["http://h/signalr/send?transport=webSockets&connectionToken=a%3D&connectionId=b", ["a="]],
  ["http://h/signalr/send?transport=longPolling&connectionId=b%2F5", ["b/5"]],
  ["http://h/api/notify?connectionId=b", []],
  ["http://h/hub?id=%zz", ["%zz"]],
  ["http://h/hub", []],
] as const)("the tokens of %s", ([url, tokens]) => {
  expect(tokensOfUrl(url)).toEqual(tokens);
});

test("what a negotiate names is what the requests of its connection carry, of every version", () => {
  const [before1] = tokensOfNegotiate('{"Url":"/signalr","ConnectionId":"b/5"}');
  expect(tokensOfUrl("http://h/signalr/connect?transport=longPolling&connectionId=b%2F5")).toEqual([before1]);
  const [core] = tokensOfNegotiate('{"connectionToken":"t","connectionId":"c"}');
  expect(tokensOfUrl("ws://h/hub?id=t")).toEqual([core]);
});
