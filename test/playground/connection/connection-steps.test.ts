import { describe, expect, test } from "vitest";
import { connectedFor } from "../../../playground/connection/connected-for.ts";
import { connectionSteps, type StateChange } from "../../../playground/connection/connection-steps.ts";

const words = { transport: "WebSockets", protocol: "messagepack" } as const;
const changes = (...list: readonly (readonly [StateChange["kind"], number])[]) =>
  list.map(([kind, at]) => ({ kind, at }));

describe("the phases of a connection", () => {
  test("each says how long it took", () => {
    const steps = connectionSteps(
      changes(["negotiating", 100], ["opening", 109], ["handshaking", 113], ["connected", 116]),
      words,
    );
    expect(steps).toEqual([
      { label: "negotiate", outcome: "done", took: 9 },
      { label: "WebSockets opened", outcome: "done", took: 4 },
      { label: "handshake, messagepack 1", outcome: "done", took: 3 },
    ]);
  });

  test("the one under way has no time yet", () => {
    expect(connectionSteps(changes(["negotiating", 100], ["opening", 109]), words)).toEqual([
      { label: "negotiate", outcome: "done", took: 9 },
      { label: "WebSockets opening", outcome: "under-way" },
    ]);
  });

  test("the one in which it ended has failed", () => {
    expect(connectionSteps(changes(["opening", 100], ["disconnected", 150]), words)).toEqual([
      { label: "WebSockets opening", outcome: "failed", took: 50 },
    ]);
  });

  test("a connection that ends after it was connected has no failed phase", () => {
    const steps = connectionSteps(
      changes(["opening", 1], ["handshaking", 2], ["connected", 3], ["disconnected", 9]),
      words,
    );
    expect(steps.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
  });
});

test("the time of a connection is counted in whole seconds", () => {
  expect([0, 999, 1000, 59_999, 60_000, 252_000].map(connectedFor)).toEqual([
    "just now",
    "just now",
    "for 1 s",
    "for 59 s",
    "for 1 min",
    "for 4 min 12 s",
  ]);
});
