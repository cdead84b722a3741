import { describe, expect, test } from "vitest";
import { formatBytes } from "../../../ui/format/format-bytes.ts";
import { formatCount, formatCountOf } from "../../../ui/format/format-count.ts";
import { formatDuration } from "../../../ui/format/format-duration.ts";
import { formatSize } from "../../../ui/format/format-size.ts";
import { formatMoment, formatTime } from "../../../ui/format/format-time.ts";

describe("formatCount", () => {
  test.for([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [12_431, "12,431"],
    [1_000_000, "1,000,000"],
  ] as const)("%i is written as %s", ([count, text]) => {
    expect(formatCount(count)).toBe(text);
  });

  test("one is singular, all else plural", () => {
    expect([0, 1, 2].map((count) => formatCountOf(count, "message"))).toEqual([
      "0 messages",
      "1 message",
      "2 messages",
    ]);
    expect(formatCountOf(2, "entry", "entries")).toBe("2 entries");
  });
});

describe("formatSize", () => {
  test.for([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1100, "1.1 kB"],
    [99_949, "99.9 kB"],
    [99_950, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [3_200_000, "3.2 MB"],
    [2_500_000_000, "2.5 GB"],
    [5_000_000_000_000, "5,000 GB"],
  ] as const)("%i bytes are written as %s", ([bytes, text]) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("formatDuration", () => {
  test.for([
    [0, "0 ms"],
    [0.04, "0.1 ms"],
    [0.42, "0.4 ms"],
    [0.97, "1 ms"],
    [64, "64 ms"],
    [999.6, "1.0 s"],
    [1234, "1.2 s"],
    [59_960, "1 min"],
    [252_000, "4 min 12 s"],
    [3_599_600, "1 h"],
    [7_500_000, "2 h 5 min"],
    [363_600_000, "4 d 5 h"],
    [-12, "−12 ms"],
  ] as const)("%d milliseconds are written as %s", ([duration, text]) => {
    expect(formatDuration(duration)).toBe(text);
  });
});

describe("formatTime", () => {
  test("a time is local, with three digits of milliseconds", () => {
    expect(formatTime(new Date(2026, 10, 21, 9, 4, 3, 7).getTime())).toBe("09:04:03.007");
  });

  test("a time beyond the calendar is unknown", () => {
    expect(formatTime(9e15)).toBe("unknown");
    expect(formatMoment(Number.NaN, 0)).toBe("unknown");
  });

  test("on hover it is ISO 8601 and how long ago", () => {
    expect(formatMoment(0, 64)).toBe("1970-01-01T00:00:00.000Z · 64 ms ago");
  });
});

test("bytes beyond the limit are three dots", () => {
  expect(formatBytes(Uint8Array.of(0, 0x9f, 255), 2)).toBe("00 9f …");
  expect(formatBytes(Uint8Array.of(0, 0x9f), 2)).toBe("00 9f");
});
