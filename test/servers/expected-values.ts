/** Values of the real server in the two forms in which it writes them: MessagePack (`packed`) and JSON. */

export function date(iso: string): unknown {
  return { $date: iso };
}

export function bytes(list: readonly number[], packed: boolean): unknown {
  const base64 = Buffer.from(list).toString("base64");
  return packed ? { $bytes: base64 } : base64;
}

/** The official client keeps milliseconds; the last date rounds up to the year 10000 in it. */
export function packedDates(): unknown[] {
  const epoch = "1970-01-01T00:00:00.000Z";
  const rest = ["2106-02-07T06:28:16.000Z", "0001-01-01T00:00:00.000Z", "+010000-01-01T00:00:00.000Z"];
  return [epoch, epoch, ...rest, "2024-02-29T12:34:56.789Z", "1969-12-31T23:59:59.000Z"].map(date);
}

export function jsonDates(): string[] {
  const first = [
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.0000001Z",
    "2106-02-07T06:28:16Z",
    "0001-01-01T00:00:00",
  ];
  return [...first, "9999-12-31T23:59:59.9999999Z", "2024-02-29T12:34:56.789", "1969-12-31T23:59:59Z"];
}

/** MessagePack-CSharp writes the clock time at the offset as if it were UTC. */
export function packedOffsets(): unknown[] {
  return [
    [date("1970-01-01T00:00:00.000Z"), 0],
    [date("2024-05-06T07:08:09.123Z"), 330],
    [date("1999-12-31T23:59:59.000Z"), -480],
  ];
}

export function jsonOffsets(): string[] {
  return ["1970-01-01T00:00:00+00:00", "2024-05-06T07:08:09.123+05:30", "1999-12-31T23:59:59-08:00"];
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export function order(number: number, packed: boolean): unknown {
  const placedAt = new Date(Date.UTC(2026, 0, 2, 3, 4 + number, 5, 678)).toISOString();
  return cased(packed, {
    id: number,
    customer: `Customer ${number}`,
    total: packed ? (10.5 + number).toFixed(2) : 10.5 + number,
    delivery: packed ? WEEKDAYS[number % 7] : number % 7,
    placedAt: packed ? date(placedAt) : placedAt,
    lines: [
      cased(packed, { product: "tea", quantity: 2, unitPrice: 3.25 }),
      cased(packed, { product: "kettle", quantity: 1, unitPrice: number }),
    ],
    shipTo: cased(packed, { street: "1 Loop Back", city: "Localhost", country: null }),
    notes: { gift: "yes", wrap: "blue" },
  });
}

export function clientOrder(packed: boolean): unknown {
  const placedAt = "2024-02-29T12:34:56.789Z";
  return cased(packed, {
    id: 7,
    customer: "Grace",
    total: packed ? "12.5" : 12.5,
    delivery: packed ? "Friday" : 4,
    placedAt: packed ? date(placedAt) : placedAt,
    lines: [cased(packed, { product: "tea", quantity: 2, unitPrice: 3.25 })],
    shipTo: cased(packed, { street: "1 Loop Back", city: "Localhost", country: null }),
    notes: { gift: "yes" },
  });
}

export function everyKind(packed: boolean): unknown {
  const integers = { u8: 255, i8: -128, i16: -32768, u16: 65535, i32: -2147483648, u32: 4294967295 };
  return cased(packed, {
    b: true,
    ...integers,
    i64: 2 ** 53,
    u64: 2 ** 64,
    f: 1.5,
    d: 0.1,
    m: packed ? "12345.6789" : 12345.6789,
    c: packed ? 90 : "Z",
    s: "text",
    g: "00112233-4455-6677-8899-aabbccddeeff",
    t: packed ? date("2024-01-02T03:04:05.678Z") : "2024-01-02T03:04:05.678Z",
    o: packed ? [date("2024-01-02T03:04:05.000Z"), 120] : "2024-01-02T03:04:05+02:00",
    span: packed ? 937840050000 : "1.02:03:04.0050000",
    raw: bytes([0, 1, 254, 255], packed),
    day: packed ? "Sunday" : 6,
    rights: packed ? "All" : 3,
    none: null,
    ints: [1, 2, 3],
    map: { one: 1, two: 2 },
    child: cased(packed, { product: "tea", quantity: 1, unitPrice: 0.5 }),
    any: null,
  });
}

/** Members are camelCase in JSON, PascalCase in MessagePack. */
function cased(packed: boolean, members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const name = (text: string) => (packed ? text.charAt(0).toUpperCase() + text.slice(1) : text);
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [name(key), member]));
}
